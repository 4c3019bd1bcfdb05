// Any bytes as an image, and as what follows the keyword in an image that is otherwise sound: they
// are refused, or the text is UTF-8 and is read again from wherever it is baked.
#include <zlib.h>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/utf8.h"
#include "crypto/credential/baked_png.h"

using namespace chancery;

namespace {

std::string chunk(std::string_view type, std::string_view data) {
    const std::string covered = std::string(type) + std::string(data);
    Writer out;
    out.u32(static_cast<std::uint32_t>(data.size())).text(covered);
    out.u32(static_cast<std::uint32_t>(
        ::crc32(0, bytes_of(covered).data(), static_cast<uInt>(covered.size()))));
    return std::string(text_of(out.written()));
}

std::string image_around(std::string_view chunks) {
    return "\x89PNG\r\n\x1a\n" + chunk("IHDR", std::string(13, 'h')) + std::string(chunks) +
           chunk("IDAT", "") + chunk("IEND", "");
}

void check_image(const std::string& image) {
    const auto text = credential::baked_in_png(image);
    if (!text) {
        CHECK(text.error().code == Errc::invalid && !text.error().detail.empty());
        return;
    }
    CHECK(is_utf8(*text) && !text->empty() && text->size() <= credential::baked_text_bytes_max);
    for (const std::string& target : {image, image_around("")}) {
        const auto baked = credential::bake_png(target, *text);
        CHECK(baked && credential::baked_in_png(*baked).value() == *text);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input(text_of({data, size}));
    check_image(input);
    check_image(image_around(input));
    check_image(image_around(chunk("iTXt", "openbadgecredential" + input)));
    return 0;
}
