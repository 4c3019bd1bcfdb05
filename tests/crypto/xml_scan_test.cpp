// The XML reader: where it stops, and what references mean.
#include <gtest/gtest.h>

#include "crypto/xml/scan.h"

namespace chancery::xml {
namespace {

std::string refusal(std::string_view document) {
    Scan scan(document);
    for (;;) {
        const auto piece = scan.next();
        if (!piece) return piece.error().detail;
        if (!*piece) return "";
    }
}

TEST(XmlScan, RefusesWhatIsNotWellFormedAndSaysWhere) {
    const std::string deep = [] {
        std::string text;
        for (std::size_t i = 0; i <= depth_max; ++i)
            text += "<g>";
        return text;
    }();
    std::string many = "<svg";
    for (std::size_t i = 0; i <= attributes_max; ++i)
        many += " a" + std::to_string(i) + "=''";
    const std::vector<std::pair<std::string, std::string>> table = {
        {"", "XML, byte 0: it ends before its elements do"},
        {"<svg>", "XML, byte 5: it ends before its elements do"},
        {"a<svg/>", "XML, byte 0: text outside the root"},
        {"<svg/>a", "XML, byte 6: text outside the root"},
        {"<svg/><svg/>", "XML, byte 10: a second root"},
        {"<svg></g>", "XML, byte 8: an end tag of another element than the one that is open"},
        {"</svg>", "XML, byte 5: an end tag of another element than the one that is open"},
        {"<svg></svg x>", "XML, byte 11: an end tag that does not end, want >"},
        {"< svg/>", "XML, byte 1: want a name after <"},
        {"<svg a='1'b='2'/>", "XML, byte 10: want a space before an attribute"},
        {"<svg a/>", "XML, byte 6: want = after an attribute's name"},
        {"<svg a=b/>", "XML, byte 7: want an attribute's value in quotes"},
        {"<svg a='b/>", "XML, byte 8: an attribute's value has no end"},
        {"<svg a='<'/>", "XML, byte 8: < inside a value"},
        {"<svg a='' a=''/>", "XML, byte 13: an attribute twice"},
        {"<svg =''/>", "XML, byte 5: want an attribute's name"},
        {"<svg><!-- </svg>", "XML, byte 5: what begins here has no end"},
        {"<svg><![CDATA[ </svg>", "XML, byte 5: what begins here has no end"},
        {"<svg>]]></svg>", "XML, byte 5: ]]> outside CDATA"},
        {"<![CDATA[]]><svg/>", "XML, byte 1: want a name after <"},
        {"<svg/><!DOCTYPE svg>", "XML, byte 7: want a name after <"},
        {"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>",
         "XML, byte 0: its document type has declarations of its own"},
        {"<?xml version='1.0' encoding='UTF-16'?><svg/>",
         "XML, byte 0: it is in another encoding than UTF-8"},
        {"<?xml version='1.0' encoding=?><svg/>",
         "XML, byte 0: it is in another encoding than UTF-8"},
        {"<svg>\xff</svg>", "XML, byte 0: not all of it is UTF-8, or it holds control characters"},
        {"<svg>\x07</svg>", "XML, byte 0: not all of it is UTF-8, or it holds control characters"},
        {"<svg>&a;</svg>", "XML has a reference that XML does not define"},
        {"<svg>&amp</svg>", "XML has a reference that XML does not define"},
        {"<svg a='&nbsp;'/>", "XML has a reference that XML does not define"},
        {deep, "XML, byte 771: elements deeper than 256"},
        {many + "/>", "XML, byte 1949: more than 256 attributes"},
    };
    for (const auto& [image, says] : table)
        EXPECT_EQ(refusal(image), says) << image.substr(0, 200);
}

TEST(XmlScan, ReferencesMeanTheirCharacters) {
    EXPECT_EQ(meaning("&amp;&lt;&gt;&quot;&apos;").value(), "&<>\"'");
    EXPECT_EQ(meaning("&#65;&#x41;&#xe9;&#x20AC;&#x1F393;").value(), "AA\u00e9\u20ac\U0001f393");
    EXPECT_EQ(meaning("a\r\nb\rc&#13;").value(), "a\nb\nc\r");
    for (const std::string wrong : {"&#;",
                                    "&#x;",
                                    "&#xg;",
                                    "&#0;",
                                    "&#8;",
                                    "&#xd800;",
                                    "&#xfffe;",
                                    "&#x110000;",
                                    "&#99999999999999999999;",
                                    "&AMP;",
                                    "&;",
                                    "&"})
        EXPECT_FALSE(meaning(wrong)) << wrong;
}

}  // namespace
}  // namespace chancery::xml
