// Any bytes as a drawing: it is refused, or what is baked into it is read again, and baking it once
// more changes nothing.
#include <algorithm>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/utf8.h"
#include "crypto/credential/baked_svg.h"

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view image = text_of({data, size});
    const auto text = credential::baked_in_svg(image);
    if (text) CHECK(is_utf8(*text));
    const std::string own = text ? *text : "{}";
    for (const std::string& content :
         {std::string("{\"a\":\"]]>&<\"}"), std::string("eyJ.e30.c2ln"), own}) {
        const auto baked = credential::bake_svg(image, content);
        if (!baked) continue;
        const auto read = credential::baked_in_svg(*baked);
        CHECK(read);
        // A carriage return that a reference stood for is a line's end as text.
        if (content.find('\r') == std::string::npos) CHECK(*read == content);
        CHECK(credential::bake_svg(*baked, content).value() == *baked);
    }
    return 0;
}
