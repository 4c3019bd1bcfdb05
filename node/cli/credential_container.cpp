#include "node/cli/credential_container.h"

#include <array>

#include "crypto/credential/baked_png.h"
#include "crypto/credential/baked_svg.h"
#include "crypto/image/png.h"
#include "crypto/jose/jws.h"

namespace chancery::cli {
namespace {

static_assert(container_bytes_max == image::image_bytes_max);
static_assert(document_bytes_max == credential::baked_text_bytes_max);

constexpr std::array<std::string_view, 3> carrier_names = {"file", "png", "svg"};
constexpr std::array<std::string_view, 5> endings = {".json", ".jwt", ".sd-jwt", ".png", ".svg"};
constexpr std::string_view white_space = " \t\r\n";

Carrier carrier_of(std::string_view bytes) {
    if (image::is_png(bytes)) return Carrier::png;
    std::string_view text = bytes;
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // A byte order mark.
    const std::size_t first = text.find_first_not_of(white_space);
    const bool is_xml = first != std::string_view::npos && text[first] == '<';
    return is_xml ? Carrier::svg : Carrier::none;
}

Result<std::string> text_in(std::string_view image, Carrier carrier) {
    return carrier == Carrier::png ? credential::baked_in_png(image)
                                   : credential::baked_in_svg(image);
}

std::string_view without_space(std::string_view text) {
    const std::size_t first = text.find_first_not_of(white_space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

void tell_form(Container& container) {
    const std::string_view text = without_space(container.text);
    if (!jose::is_compact(text.substr(0, text.find('~')))) return;
    container.form = Form::compact;
    container.text = std::string(text);
}

}  // namespace

std::string_view name_of(Carrier carrier) {
    return carrier_names.at(static_cast<std::size_t>(carrier));
}

Result<Container> open_container(std::string bytes) {
    Container container;
    container.carrier = carrier_of(bytes);
    if (container.carrier == Carrier::none) {
        container.text = std::move(bytes);
        tell_form(container);
        return container;
    }
    auto text = text_in(bytes, container.carrier);
    if (!text) return text.error();
    container.text = *std::move(text);
    container.image = std::move(bytes);
    tell_form(container);
    return container;
}

Result<std::string> filled(const Container& container, std::string_view text) {
    if (container.carrier == Carrier::none) return std::string(text);
    return baked(container.image, text);
}

Result<std::string> baked(std::string_view image, std::string_view text) {
    switch (carrier_of(image)) {
        case Carrier::png:
            return credential::bake_png(image, text);
        case Carrier::svg:
            return credential::bake_svg(image, text);
        case Carrier::none:
            break;
    }
    return Error{Errc::invalid, "is neither a PNG nor an SVG image"};
}

std::string_view stem_of(std::string_view path) {
    for (const std::string_view ending : endings)
        if (path.ends_with(ending)) return path.substr(0, path.size() - ending.size());
    return path;
}

}  // namespace chancery::cli
