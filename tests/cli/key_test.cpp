// chancery key and chancery network genesis, as a person calls them.
#include <gtest/gtest.h>

#include "crypto/json/parse.h"
#include "tests/support/program.h"
#include "tests/support/scratch_folder.h"

namespace chancery {
namespace {

using Words = std::vector<std::string>;

struct KeyCommand : testing::Test {
    test::ScratchFolder folder;

    test::Finished chancery(const Words& words) const {
        return test::run({.program = "chancery",
                          .arguments = words,
                          .folder = folder.path(),
                          .environment = {"CHANCERY_PASSPHRASE_FILE=passphrase"}});
    }
    static Words member(const std::string& slug, const std::string& url, const std::string& peer) {
        return {"key",
                "new",
                "--use",
                "all",
                "--member",
                slug,
                "--name",
                "University",
                "--out",
                slug,
                "--public-url",
                url,
                "--peer",
                peer};
    }
    static Words draft(const std::string& file) {
        return {"network",
                "genesis",
                "draft",
                file,
                "--name",
                "x",
                "--origin",
                "o.example/log",
                "--log",
                "o.example/log+9237c4ed+AS5n+OauLKStY5iUi6w5giye/aXI2KOs7pwB8y3XGPC/",
                "--out",
                "g.json"};
    }
    test::Finished make_member(const std::string& slug) const {
        return chancery(member(slug, "https://" + slug + ".example", slug + ".example:7443"));
    }
};

TEST_F(KeyCommand, FoundsANetworkOfTwo) {
    folder.write("passphrase", "a long passphrase\n", 0600);
    ASSERT_EQ(make_member("uni-a").status, 0);
    ASSERT_EQ(make_member("uni-b").status, 0);
    const auto log = chancery(
        {"key", "new", "--use", "log", "--origin", "registry.example/two", "--out", "log.key"});
    ASSERT_EQ(log.status, 0) << log.err;
    const std::string vkey = log.out.substr(0, log.out.find('\n'));
    ASSERT_EQ(chancery({"network",
                        "genesis",
                        "draft",
                        "uni-a/member.json",
                        "uni-b/member.json",
                        "--name",
                        "Two",
                        "--origin",
                        "registry.example/two",
                        "--log",
                        vkey,
                        "--out",
                        "genesis.json"})
                  .status,
              0);
    EXPECT_EQ(chancery({"network", "genesis", "check", "genesis.json"}).status, 5);
    for (const std::string slug : {"uni-a", "uni-b"})
        ASSERT_EQ(
            chancery(
                {"network", "genesis", "sign", "genesis.json", "--key", slug + "/governance.key"})
                .status,
            0);
    const auto checked = chancery({"network", "genesis", "check", "genesis.json", "--json"});
    EXPECT_EQ(checked.status, 0) << checked.err;
    const auto document = json::parse(checked.out);
    ASSERT_TRUE(document);
    EXPECT_EQ(*document->find("quorum")->as_integer(), 2);
    EXPECT_EQ(document->find("network_id")->as_string()->size(), 64U);
}

TEST_F(KeyCommand, ShowsAKeyWithoutItsSecret) {
    folder.write("passphrase", "a long passphrase\n", 0600);
    ASSERT_EQ(chancery({"key", "new", "--use", "assertion", "--member", "uni-a"}).status, 0);
    const auto shown = chancery({"key", "show", "assertion.key"});
    EXPECT_EQ(shown.status, 0);
    EXPECT_NE(shown.out.find("did     did:key:z6Mk"), std::string::npos) << shown.out;
    EXPECT_EQ(chancery({"key", "export-public", "assertion.key"}).out.substr(0, 4), "z6Mk");
}

TEST_F(KeyCommand, MakesKeysThatSignJwts) {
    folder.write("passphrase", "a long passphrase\n", 0600);
    const std::map<Words, std::string> begins = {
        {{"--use", "assertion", "--type", "p256"}, "zDn"},
        {{"--use", "holder", "--type", "p256"}, "zDn"},
        {{"--use", "assertion", "--type", "rsa", "--bits", "2048"}, "z4MX"}};
    for (const auto& [words, begin] : begins) {
        Words call = {"key", "new", "--member", "uni-a", "--out", begin + words[1]};
        call.insert(call.end(), words.begin(), words.end());
        const auto made = chancery(call);
        ASSERT_EQ(made.status, 0) << made.err;
        EXPECT_EQ(made.out.substr(0, begin.size()), begin);
        const auto shown = chancery({"key", "show", begin + words[1], "--json"});
        const auto about = json::parse(shown.out);
        ASSERT_TRUE(about) << shown.out;
        EXPECT_EQ(*about->find("type")->as_string(), words[3]);
        const auto jwk = chancery({"key", "export-public", begin + words[1], "--jwk"});
        EXPECT_EQ(*json::parse(jwk.out), *about->find("jwk"));
        EXPECT_EQ(about->find("jwk")->find("d"), nullptr);
    }
}

TEST_F(KeyCommand, FillsTheLocalTemplateWithAWholeNetwork) {
    const Words words = {"network",
                         "genesis",
                         "from-template",
                         CHANCERY_SOURCE "/network-configs/local-1",
                         "--out",
                         "net"};
    const auto made = chancery(words);
    ASSERT_EQ(made.status, 0) << made.err;
    EXPECT_EQ(chancery({"network", "genesis", "check", "net/genesis.json"}).status, 0);
    EXPECT_EQ(chancery({"key",
                        "show",
                        "net/uni-a/keys/log.key",
                        "--passphrase-file",
                        "net/uni-a/keys/passphrase"})
                  .status,
              0);
    EXPECT_EQ(chancery(words).status, 7);  // Nothing is ever replaced.
}

TEST_F(KeyCommand, RefusesBadTemplatesWithThePlace) {
    const std::string head = "name = \"n\"\norigin = \"o.example\"\n[[member]]\nslug = \"uni-a\"\n";
    const std::string rest = "admin = \"127.0.0.1:2\"\npeer = \"127.0.0.1:3\"\n";
    const std::map<std::string, std::string> table = {
        {"name = 1\n", "network.toml:1:"},
        {"name = \"n\"\norigin = \"o\"\n", "got 0 [[member]], want 1 to 64"},
        {head + rest + "public = \"127.0.0.1:1\"\n", "name is missing"},
        {head + rest + "name = \"A\"\npublic = \"here\"\n", "address:port"},
        {head + rest + "name = \"A\"\npubic = \"127.0.0.1:1\"\n", "public is missing"},
        {head + rest + "name = \"A\"\npublic = \"127.0.0.1:1\"\nxurl = \"u\"\n",
         "did you mean \"url\"?"}};
    for (const auto& [toml, says] : table) {
        folder.write("bad/network.toml", toml);
        const auto made = chancery({"network", "genesis", "from-template", "bad", "--out", "x"});
        EXPECT_EQ(made.status, 2) << toml;
        EXPECT_NE(made.err.find(says), std::string::npos) << made.err;
        EXPECT_FALSE(std::filesystem::exists(folder / "x"));
    }
}

TEST_F(KeyCommand, SealsAKeyUnderAnotherPassphrase) {
    folder.write("passphrase", "a long passphrase\n", 0600);
    const Words reseal = {"key", "reseal", "log.key", "--new-passphrase-file", "new.pass"};
    const auto with = [&](const Words& more) {
        Words words = reseal;
        words.insert(words.end(), more.begin(), more.end());
        return chancery(words);
    };
    const auto made = chancery({"key", "new", "--use", "log", "--origin", "registry.example/r"});
    ASSERT_EQ(made.status, 0) << made.err;
    const std::string before = folder.read("log.key");
    // Nothing is altered by what is refused.
    EXPECT_EQ(with({}).status, 4);
    EXPECT_EQ(with({"--passphrase-file", "none"}).status, 4);
    folder.write("wrong", "another\n", 0600);
    EXPECT_EQ(with({"--passphrase-file", "wrong", "--make-passphrase"}).status, 5);
    EXPECT_FALSE(std::filesystem::exists(folder / "new.pass"));
    EXPECT_EQ(with({"--out", "log.key", "--make-passphrase"}).status, 7);
    EXPECT_EQ(folder.read("log.key"), before);
    // A copy, then the key itself.
    const auto copied = with({"--out", "copy.key"});
    EXPECT_EQ(copied.status, 0) << copied.err;
    EXPECT_EQ(folder.read("log.key"), before);
    const auto sealed = with({});
    EXPECT_EQ(sealed.status, 0) << sealed.err;
    for (const std::string file : {"log.key", "copy.key"}) {
        EXPECT_EQ(chancery({"key", "export-public", file}).status, 5);
        const auto shown =
            chancery({"key", "export-public", file, "--passphrase-file", "new.pass"});
        EXPECT_EQ(shown.out, made.out) << file << shown.err;
    }
}

struct BadCall {
    Words words;
    int status = 0;
    std::string says;
};

TEST_F(KeyCommand, RefusesBadCalls) {
    folder.write("passphrase", "a long passphrase\n", 0600);
    folder.write("open", "a long passphrase\n", 0644);
    folder.write("wrong", "another passphrase\n", 0600);
    folder.write("member.json", "{\"slug\":\"uni-a\",\"slug\":\"uni-b\"}");
    folder.write("genesis.json", "{}");
    ASSERT_EQ(chancery({"key", "new", "--use", "issuer", "--member", "uni-a"}).status, 0);
    const std::vector<BadCall> table = {
        {{"key", "new"}, 2, "--use is missing"},
        {{"key", "new", "--use", "vote", "--member", "uni-a"}, 2, "want one of issuer"},
        {{"key", "new", "--use", "node"}, 2, "--member is missing"},
        {{"key", "new", "--use", "log", "--member", "uni-a"}, 2, "--origin is missing"},
        {{"key", "new", "--use", "log", "--origin", "https://x y"}, 2, "origin"},
        {{"key", "new", "--use", "node", "--member", "Uni A"}, 2, "slug"},
        {{"key", "new", "--use", "issuer", "--member", "uni-a"}, 7, "issuer.key"},
        {{"key", "new", "--use", "node", "--member", "uni-a", "--passphrase-file", "open"},
         5,
         "0644"},
        {{"key", "new", "--use", "node", "--member", "uni-a", "--make-passphrase"},
         7,
         "passphrase"},
        {{"key", "new", "--use", "node", "--member", "uni-a", "--type", "p256"},
         2,
         "cannot be p256"},
        {{"key", "new", "--use", "holder", "--member", "a", "--type", "rsa"}, 2, "cannot be rsa"},
        {{"key", "new", "--use", "holder", "--member", "a", "--bits", "2048"}, 2, "--type rsa"},
        {{"key", "new", "--use", "assertion", "--member", "a", "--type", "rsa", "--bits", "1024"},
         2,
         "RSA key of 1024 bits, want 2048 to 4096 in steps of 16"},
        {{"key", "export-public", "issuer.key", "--jwk"}, 2, "is a key for \"issuer\""},
        {{"key", "new", "--use", "all", "--member", "uni-a"}, 2, "--out is missing"},
        {member("Uni A", "https://a.example", "a.example:7443"), 2, "--member: want"},
        {member("uni-x", "ftp://a.example", "a.example:7443"), 2, "--public-url: want an http"},
        {member("uni-x", "https://a.example", "a.example:70000"), 2, "--peer: want host:port"},
        {member("uni-x", "https://a.example", "a.example"), 2, "--peer: want host:port"},
        {{"key", "show", "none.key"}, 4, "none.key"},
        {{"key", "show", "member.json"}, 5, "0644"},
        {{"key", "show", "issuer.key", "--passphrase-file", "wrong"}, 5, "issuer.key"},
        {{"key", "show"}, 2, "FILE is missing"},
        {{"network", "genesis", "check", "genesis.json"}, 2, "genesis.json"},
        {{"network", "genesis", "check", "none.json"}, 4, "none.json"},
        {{"network", "genesis", "draft", "member.json"}, 2, "--name is missing"},
        {draft("member.json"), 2, "member.json"},
        {draft("genesis.json"), 2, "genesis.json: /slug: missing"},
    };
    for (const BadCall& bad : table) {
        const auto finished = chancery(bad.words);
        EXPECT_EQ(finished.status, bad.status) << testing::PrintToString(bad.words) << finished.err;
        EXPECT_NE(finished.err.find(bad.says), std::string::npos) << finished.err;
        EXPECT_TRUE(finished.out.empty()) << finished.out;
    }
    EXPECT_FALSE(std::filesystem::exists(folder / "uni-x"));
}

}  // namespace
}  // namespace chancery
