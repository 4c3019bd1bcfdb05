#include <gtest/gtest.h>

#include "crypto/ledger/publication.h"

namespace chancery::ledger {
namespace {

TEST(Publication, TypesHaveNames) {
    for (const PublicationType type : {PublicationType::achievement,
                                       PublicationType::pathway,
                                       PublicationType::issuer_profile,
                                       PublicationType::status_list})
        EXPECT_EQ(publication_type_named(name_of(type)), type);
    EXPECT_EQ(name_of(PublicationType::issuer_profile), "issuer_profile");
    for (const char* wrong : {"", "Pathway", "pathways", "status-list"})
        EXPECT_FALSE(publication_type_named(wrong)) << wrong;
}

TEST(Publication, AStatusListIsNamedByTheEndOfItsUrl) {
    const auto name = [](std::string_view url) {
        return publication_name(PublicationType::status_list, url);
    };
    EXPECT_EQ(name("https://a.example/v1/status-lists/uni-a/2026-1"), "2026-1");
    EXPECT_EQ(name("2026-1"), "2026-1");
    EXPECT_EQ(name("https://a.example/"), "");
    const std::string_view url = "https://a.example/pathways/data";
    EXPECT_EQ(publication_name(PublicationType::pathway, url), url);
}

TEST(Publication, ListNamesAreShortAndPlain) {
    for (const char* good : {"2026-1-revocation", "a", "0", "a.b_c-d"})
        EXPECT_TRUE(is_list_name(good)) << good;
    for (const char* wrong : {"", "-a", ".", "..", "_a", "A", "a b", "a/b", "\u00e9"})
        EXPECT_FALSE(is_list_name(wrong)) << wrong;
    EXPECT_TRUE(is_list_name(std::string(list_name_characters_max, 'a')));
    EXPECT_FALSE(is_list_name(std::string(list_name_characters_max + 1, 'a')));
}

}  // namespace
}  // namespace chancery::ledger
