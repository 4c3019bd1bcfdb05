#include "node/cli/template_hole.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <utility>
#include <vector>

#include "crypto/base/decimal.h"
#include "crypto/credential/recipient.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/parse.h"
#include "crypto/pathway/component.h"
#include "node/cli/command.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

using Kind = Hole::Kind;
using IfEmpty = Hole::IfEmpty;

constexpr std::size_t evidence_bytes_max = std::size_t{256} * 1024 * 1024;
constexpr std::uint64_t period_max = 36'500;

constexpr std::array<std::pair<std::string_view, Kind>, 4> own_holes = {
    {{"uuid", Kind::uuid},
     {"salt", Kind::salt},
     {"issuer_did", Kind::issuer_did},
     {"issuer_name", Kind::issuer_name}}};
constexpr std::array<std::pair<std::string_view, Kind>, 4> functions = {
    {{"number", Kind::number},
     {"identity_hash", Kind::identity_hash},
     {"digest", Kind::digest},
     {"after", Kind::after}}};

struct Period {
    std::uint64_t count = 0;
    char unit = 'd';
};

std::optional<Period> parse_period(std::string_view text) {
    if (text.empty() || std::string_view("dmy").find(text.back()) == std::string_view::npos)
        return std::nullopt;
    const auto count = from_decimal(text.substr(0, text.size() - 1));
    if (!count || *count == 0 || *count > period_max) return std::nullopt;
    return Period{*count, text.back()};
}

std::vector<std::string> words_in(std::string_view text) {
    std::vector<std::string> words;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        if (end > begin) words.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return words;
}

Error wrong(const std::string& column, const std::string& what) {
    return {Errc::invalid, "column " + column + ": " + what};
}

// The last day of a shorter month stands for the days it does not have.
Result<std::string> later(const std::string& column, const std::string& date, const Period& by) {
    const auto start_s = parse_time(date);
    if (!start_s) return wrong(column, "want a date as in 2026-05-01 or 2026-05-01T12:00:00Z");
    const std::chrono::sys_seconds start{std::chrono::seconds(*start_s)};
    const std::chrono::sys_days day = std::chrono::floor<std::chrono::days>(start);
    std::chrono::sys_days then = day;
    if (by.unit == 'd') {
        then += std::chrono::days(by.count);
    } else {
        const std::chrono::year_month_day from = day;
        const std::chrono::months more(by.unit == 'y' ? 12 * by.count : by.count);
        const std::chrono::year_month month =
            std::chrono::year_month(from.year(), from.month()) + more;
        const std::chrono::year_month_day last = month / std::chrono::last;
        then = month / std::min(from.day(), last.day());
    }
    const std::chrono::sys_seconds moved = std::chrono::sys_seconds(then) + (start - day);
    return time_text(static_cast<std::uint64_t>(moved.time_since_epoch().count()));
}

Result<std::string> digest_of(const std::string& column,
                              const std::string& name,
                              const std::string& folder) {
    const auto file =
        node::read_file((std::filesystem::path(folder) / name).string(), evidence_bytes_max);
    if (!file) return Error{file.error().code, "column " + column + ": " + file.error().detail};
    return pathway::digest_to_multibase(sha256(bytes_of(*file)));
}

Result<std::string> made_of(const Hole& hole,
                            const std::string& field,
                            const HoleContext& context) {
    switch (hole.kind) {
        case Kind::number: {
            const bool has_blank = field.find_first_of(" \t\r\n") != std::string::npos;
            const auto number = json::parse(field);
            if (has_blank || !number ||
                (number->as_integer() == nullptr && number->as_fraction() == nullptr))
                return wrong(hole.column, "want a number, as in 3 or 2.5");
            return field;
        }
        case Kind::identity_hash:
            return credential::identity_hash(field, context.salt);
        case Kind::digest:
            return digest_of(hole.column, field, context.folder);
        case Kind::after:
            return later(hole.column, field, *parse_period(hole.period));
        case Kind::field:
        case Kind::uuid:
        case Kind::salt:
        case Kind::issuer_did:
        case Kind::issuer_name:
            break;
    }
    return field;
}

}  // namespace

Result<Hole> parse_hole(std::string_view text) {
    std::vector<std::string> words = words_in(text);
    if (words.empty() || text.find('{') != std::string_view::npos)
        return Error{Errc::invalid, "a hole without a name, want {{name}}"};
    Hole hole;
    for (const auto& [name, kind] : functions) {
        if (words.front() != name || words.size() == 1) continue;
        hole.kind = kind;
        words.erase(words.begin());
        break;
    }
    const std::size_t wanted = hole.kind == Kind::after ? 2 : 1;
    if (words.size() != wanted)
        return Error{Errc::invalid,
                     "{{" + std::string(text) + "}}: want one column's name" +
                         (wanted == 2 ? " and a period, as in {{after valid_from 3y}}" : "")};
    if (hole.kind == Kind::after) {
        hole.period = words[1];
        if (!parse_period(hole.period))
            return Error{Errc::invalid,
                         "{{" + std::string(text) + "}}: want a period as in 90d, 18m or 3y"};
    }
    hole.column = words[0];
    if (hole.kind == Kind::field)
        for (const auto& [name, kind] : own_holes)
            if (hole.column == name) return Hole{.kind = kind};
    for (const IfEmpty more : {IfEmpty::leave_out_member, IfEmpty::leave_out_object}) {
        if (!hole.column.ends_with('?')) break;
        hole.column.pop_back();
        hole.if_empty = more;
    }
    if (hole.column.empty()) return Error{Errc::invalid, "a hole without a name, want {{name}}"};
    return hole;
}

Result<std::optional<std::string>> value_of(const Hole& hole, const HoleContext& context) {
    using Value = std::optional<std::string>;
    if (hole.kind == Kind::uuid) return Value();
    if (hole.kind == Kind::salt) return Value(context.salt);
    if (hole.kind == Kind::issuer_did) return Value(context.issuer_did);
    if (hole.kind == Kind::issuer_name) return Value(context.issuer_name);
    const auto field = context.field(hole.column);
    if (!field || field->empty()) {
        if (hole.if_empty != IfEmpty::refuse) return Value();
        return Error{Errc::invalid, "column " + hole.column + " is empty, want a value"};
    }
    auto made = made_of(hole, *field, context);
    if (!made) return made.error();
    return Value(*std::move(made));
}

}  // namespace chancery::cli
