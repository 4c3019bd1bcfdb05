#include "rpc/negotiation.h"

#include <algorithm>

#include "crypto/base/decimal.h"
#include "rpc/ascii.h"

namespace chancery::rpc {
namespace {

constexpr std::chrono::seconds wait_max{60};
constexpr int quality_max = 1'000;

// "0.5" -> 500; what cannot be read counts as 1.
int quality_of(std::string_view parameters) {
    int quality = quality_max;
    for_each_part(parameters, ';', [&](std::string_view parameter) {
        if (parameter.size() < 3 || to_lower(parameter[0]) != 'q' || parameter[1] != '=') return;
        if (parameter[2] != '0') return;
        quality = 0;
        int step = quality_max / 10;
        for (const char digit : parameter.substr(std::min<std::size_t>(4, parameter.size()))) {
            if (!is_digit(digit)) break;
            quality += (digit - '0') * step;
            step /= 10;
        }
    });
    return quality;
}

// How closely a media range names the type: 3 itself, 2 "text/*", 1 "*/*", 0 not at all.
int closeness(std::string_view range, std::string_view type) {
    if (equals_ignoring_case(range, type)) return 3;
    if (range == "*/*") return 1;
    const std::string_view family = type.substr(0, type.find('/') + 1);
    return range.ends_with("/*") && equals_ignoring_case(range.substr(0, range.size() - 1), family)
               ? 2
               : 0;
}

int quality_for(std::string_view accept, std::string_view type) {
    int best_closeness = 0;
    int quality = 0;
    for_each_part(accept, ',', [&](std::string_view element) {
        const std::size_t end = element.find(';');
        const int close = closeness(without_blanks(element.substr(0, end)), type);
        if (close <= best_closeness) return;
        best_closeness = close;
        quality = quality_of(end == std::string_view::npos ? "" : element.substr(end + 1));
    });
    return quality;
}

}  // namespace

std::optional<std::size_t> preferred_type(std::string_view accept,
                                          std::span<const std::string_view> offered) {
    if (accept.empty()) return 0;
    std::optional<std::size_t> best;
    int best_quality = 0;
    for (std::size_t i = 0; i < offered.size(); ++i) {
        const int quality = quality_for(accept, offered[i]);
        if (quality <= best_quality) continue;
        best = i;
        best_quality = quality;
    }
    return best;
}

bool accepts_gzip(std::string_view accept_encoding) {
    bool accepts = false;
    for_each_part(accept_encoding, ',', [&](std::string_view element) {
        const std::size_t end = element.find(';');
        if (!equals_ignoring_case(without_blanks(element.substr(0, end)), "gzip")) return;
        accepts = quality_of(end == std::string_view::npos ? "" : element.substr(end + 1)) > 0;
    });
    return accepts;
}

bool is_type(std::string_view content_type, std::string_view type) {
    return equals_ignoring_case(without_blanks(content_type.substr(0, content_type.find(';'))),
                                type);
}

std::optional<std::chrono::seconds> preferred_wait(std::string_view prefer) {
    constexpr std::string_view name = "wait=";
    std::optional<std::chrono::seconds> wait;
    for_each_part(prefer, ',', [&](std::string_view preference) {
        preference = without_blanks(preference.substr(0, preference.find(';')));
        if (wait || preference.size() <= name.size()) return;  // The first counts.
        if (!equals_ignoring_case(preference.substr(0, name.size()), name)) return;
        const Result<std::uint64_t> seconds = from_decimal(preference.substr(name.size()));
        if (!seconds) return;
        const auto most = static_cast<std::uint64_t>(wait_max.count());
        wait = std::chrono::seconds(std::min(*seconds, most));
    });
    return wait;
}

}  // namespace chancery::rpc
