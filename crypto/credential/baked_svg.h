// Credentials inside SVG images: one element directly under <svg>.
//
//     <svg … xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">
//       <openbadges:credential><![CDATA[{ … JSON … }]]></openbadges:credential>
//       <openbadges:credential verify="eyJ…"/>                            (a compact JWS)
//
// Source: Open Badges 3.0 §5.3.
#pragma once

#include <string>
#include <string_view>

#include "crypto/base/result.h"
#include "crypto/credential/baked_png.h"

namespace chancery::credential {

// The image with `text` in it, in place of what was baked into it before: within the element if it
// begins with '{', else as `verify`. Errc::invalid if the image is no sound SVG, beyond the limits
// of PNG images, or the text is neither JSON's beginning nor in compact form.
Result<std::string> bake_svg(std::string_view image, std::string_view text);

// The text that was baked into the image, less the white space around it; line ends are LF.
// Errc::invalid if the image is not sound, beyond the limits, or carries no credential or several.
Result<std::string> baked_in_svg(std::string_view image);

}  // namespace chancery::credential
