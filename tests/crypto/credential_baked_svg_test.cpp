// Credentials in SVG images: what is baked is read again, and nothing else is.
#include <vector>

#include <gtest/gtest.h>

#include "crypto/credential/baked_svg.h"
#include "crypto/image/png.h"

namespace chancery::credential::baked_svg_test {
namespace {

const std::string bound = R"( xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0")";
const std::string json_text = R"({"name":"a ]]> b & <c>","image":"]]]]>>"})";
const std::string compact = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln";

std::string svg(const std::string& inside) { return "<svg" + bound + ">" + inside + "</svg>"; }
std::string element(const std::string& inside) {
    return "<openbadges:credential>" + inside + "</openbadges:credential>";
}
std::string refusal(const std::string& image) {
    const auto read = baked_in_svg(image);
    return read ? "" : read.error().detail;
}

TEST(BakedSvg, WhatIsBakedIsReadAgain) {
    for (const std::string image : {"<svg/>",
                                    "<svg></svg>",
                                    "\xef\xbb\xbf<svg ><rect/></svg>\n",
                                    "<?xml version=\"1.0\" encoding='UTF-8'?>\n<!-- <svg> -->\n"
                                    "<!DOCTYPE svg PUBLIC \"-//W3C\" \"svg.dtd\">\n"
                                    "<s:svg xmlns:s='http://www.w3.org/2000/svg'>a &amp; b"
                                    "<g><g/></g></s:svg><?end?>"}) {
        for (const std::string& text : {json_text, compact}) {
            const auto baked = bake_svg(image, text);
            ASSERT_TRUE(baked) << image << baked.error().detail;
            EXPECT_EQ(baked_in_svg(*baked).value(), text) << *baked;
            EXPECT_EQ(bake_svg(*baked, text).value(), *baked);
        }
    }
}

TEST(BakedSvg, ItStandsFirstUnderTheRootAndTheRestStaysAsItWas) {
    EXPECT_EQ(bake_svg("<?xml version='1.0'?><svg a='b'><rect/></svg>", "{}").value(),
              "<?xml version='1.0'?><svg a='b'" + bound +
                  "><openbadges:credential><![CDATA[{}]]></openbadges:credential><rect/></svg>");
    EXPECT_EQ(bake_svg("<svg/>", compact).value(),
              "<svg" + bound + "><openbadges:credential verify=\"" + compact + "\"/></svg>");
}

TEST(BakedSvg, ALaterOneTakesThePlaceOfAllBefore) {
    const std::string twice = svg("a" + element("{}") + "b<openbadges:credential verify='x'/>c");
    EXPECT_EQ(refusal(twice), "SVG carries 2 credentials, want 1");
    EXPECT_EQ(bake_svg(twice, "{}").value(), svg(element("<![CDATA[{}]]>") + "abc"));
}

TEST(BakedSvg, OthersWriteTheSameInOtherWays) {
    const std::vector<std::string> images = {
        svg(element("\n  <![CDATA[{\"a\":1}]]>\n")),
        svg(element("{&quot;a&#34;:&#x31;}")),
        svg(element("<![CDATA[{\"a\"]]><!-- no -->:<![CDATA[1}]]>")),
        svg("<openbadges:credential verify='{&quot;a&quot;:1}'> </openbadges:credential>"),
        "<svg xmlns:ob='https://purl.imsglobal.org/ob/v3p0'><ob:credential>{\"a\":1}"
        "</ob:credential></svg>",
        "<svg><openbadges:credential" + bound + ">{\"a\":1}</openbadges:credential></svg>"};
    for (const std::string& image : images)
        EXPECT_EQ(baked_in_svg(image).value(), "{\"a\":1}") << image;
    EXPECT_EQ(baked_in_svg(svg(element("<![CDATA[{\r\n\r}]]>"))).value(), "{\n\n}");
}

TEST(BakedSvg, WhatCarriesNoneOrItInAnotherWayIsRefused) {
    const std::vector<std::pair<std::string, std::string>> table = {
        {"<svg/>", "SVG carries 0 credentials, want 1"},
        {"<svg><openbadges:credential verify='a'/></svg>", "SVG carries 0 credentials, want 1"},
        {"<svg xmlns:openbadges='http://openbadges.org'><openbadges:credential verify='a'/></svg>",
         "SVG carries 0 credentials, want 1"},
        {svg(element("")), "SVG's credential is empty"},
        {svg("<openbadges:credential/>"), "SVG's credential is empty"},
        {svg("<g>" + element("{}") + "</g>"), "SVG's credential is not directly under <svg>"},
        {svg(element("{}<g/>")), "SVG's credential has elements of its own"},
        {svg("<openbadges:credential verify='a'>{}</openbadges:credential>"),
         "SVG's credential has both verify and text"},
        {"<html/>", "the XML's root is no <svg>"},
        {svg(element(std::string(baked_text_bytes_max + 1, '{'))),
         "SVG's credential is longer than 1048576 bytes"},
        {"<svg>" + std::string(image::image_bytes_max, ' ') + "</svg>",
         "image has 16777227 bytes, want at most 16777216"},
    };
    for (const auto& [image, says] : table)
        EXPECT_EQ(refusal(image), says) << image.substr(0, 200);
    EXPECT_FALSE(bake_svg("<svg xmlns:openbadges='http://openbadges.org'/>", "{}"));
    // Without a meaning of the prefix these are no credentials; with one they would be.
    EXPECT_FALSE(bake_svg("<svg><openbadges:credential/></svg>", "{}"));
    EXPECT_FALSE(bake_svg("<svg><g><openbadges:credential/></g></svg>", "{}"));
    EXPECT_FALSE(bake_svg("<svg/>", "[]"));
    EXPECT_FALSE(bake_svg("<svg/>", ""));
    EXPECT_FALSE(bake_svg("<svg/>", "{\x01}"));
    EXPECT_FALSE(bake_svg("<svg/>", "{\"\xef\xbf\xbf\"}"));
    EXPECT_FALSE(bake_svg("<svg/>", "{" + std::string(baked_text_bytes_max, ' ')));
    EXPECT_FALSE(
        bake_svg("<svg>" + std::string(image::image_bytes_max - 11, ' ') + "</svg>", "{}"));
}

TEST(BakedSvg, EveryTruncationIsRefused) {
    const std::string image = bake_svg("<svg a='b'><g><rect/></g></svg>", json_text).value();
    for (std::size_t size = 0; size < image.size(); ++size)
        EXPECT_FALSE(baked_in_svg(image.substr(0, size))) << size;
}

}  // namespace
}  // namespace chancery::credential::baked_svg_test
