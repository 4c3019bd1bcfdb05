#include "rpc/server_tls.h"

#include <gtest/gtest.h>

#include "tests/support/test_authority.h"

namespace chancery::rpc {
namespace {

using test::curve_key;
using test::PemPair;
using test::TestAuthority;

constexpr const char* names = "DNS:localhost";

Result<std::unique_ptr<ServerTls>> made_of(const PemPair& pair) {
    const TlsPems pems{pair.certificates, pair.key};
    return ServerTls::make(pems);
}

TEST(ServerTls, TakesAGoodPairOfAnyUsualKind) {
    const TestAuthority authority;
    const std::vector<PemPair> all = {
        authority.issue(),
        authority.issue(curve_key("P-384")),
        authority.issue(test::rsa_key(2'048)),
        authority.issue(test::ed25519_key()),
        authority.issue(
            curve_key("P-256"), {}, names, test::with_extension(NID_ext_key_usage, "serverAuth")),
    };
    for (const PemPair& pair : all) {
        const auto tls = made_of(pair);
        ASSERT_TRUE(tls) << tls.error().detail;
        EXPECT_NEAR(static_cast<double>((*tls)->valid_until()),
                    static_cast<double>(std::time(nullptr) + 86'400),
                    60);
    }
    PemPair chain = authority.issue();
    chain.certificates += authority.pem();
    EXPECT_TRUE(made_of(chain));
    chain.certificates = "what openssl prints before\n" + chain.certificates;
    EXPECT_TRUE(made_of(chain));
}

TEST(ServerTls, SaysWhatIsWrongWithAPair) {
    const TestAuthority authority;
    const PemPair good = authority.issue();
    const PemPair other = authority.issue();
    const auto issued = [&](keys::PrivateKey key, test::Dates dates, test::Wording wording) {
        return authority.issue(std::move(key), dates, names, wording);
    };
    const auto p256 = [] { return curve_key("P-256"); };
    const keys::PrivateKey sealed = p256();
    PemPair with_sealed_key = good;
    with_sealed_key.key = test::pem_of(sealed.get(), "a passphrase");
    PemPair broken = good;
    broken.certificates.insert(broken.certificates.find('\n', 30) + 5, "!");
    PemPair many = good;
    for (int i = 0; i < 11; ++i)
        many.certificates += authority.pem();

    struct Bad {
        PemPair pair;
        std::string why;
    };
    const std::vector<Bad> all = {
        {{good.certificates, other.key}, "the key is another one than the certificate's"},
        {{"", good.key}, "no certificate in it"},
        {{good.key, good.key}, "no certificate in it"},
        {{good.certificates, ""}, "no private key in it"},
        {{good.certificates, good.certificates}, "no private key in it"},
        {with_sealed_key, "sealed under a passphrase"},
        {broken, "a certificate that is unreadable"},
        {many, "more than 10 certificates"},
        {issued(p256(), {-9, -1}, {}), "the certificate expired on 20"},
        {issued(p256(), {1, 9}, {}), "the certificate is not valid before 20"},
        {issued(p256(), {}, test::with_extension(NID_ext_key_usage, "clientAuth")),
         "not one for servers"},
        {issued(test::rsa_key(1'024), {}, {}), "no client would take: ee key too small"},
        {{authority.pem() + good.certificates, good.key}, "the key is another one"},
        {{good.certificates + other.certificates, good.key}, "certificate 2 did not issue"},
        {{good.certificates + TestAuthority("Another").pem(), good.key}, "did not issue"},
    };
    for (const Bad& bad : all) {
        const auto tls = made_of(bad.pair);
        ASSERT_FALSE(tls) << bad.why;
        EXPECT_EQ(tls.error().code, Errc::invalid);
        EXPECT_NE(tls.error().detail.find(bad.why), std::string::npos) << tls.error().detail;
    }
}

}  // namespace
}  // namespace chancery::rpc
