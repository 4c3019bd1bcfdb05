#include "node/config.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace chancery::node {
namespace {

constexpr const char* complete = R"([node]
member = "uni-a"
genesis = "genesis.json"
data = "data"
[keys]
cosigner = "keys/cosigner.key"
node = "keys/node.key"
log = "keys/log.key"
tls = "keys/tls.key"
passphrase_file = "keys/passphrase"
)";

class ConfigFile : public testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() /
                  ("chancery-config-" + std::to_string(getpid()));
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    Result<LoadedConfig> load(const std::string& text, ConfigSources sources = {}) {
        sources.path = (folder_ / "node.toml").string();
        std::ofstream(sources.path) << text;
        return load_config(sources);
    }
    std::string place(const std::string& rest) { return (folder_ / "node.toml").string() + rest; }

    std::filesystem::path folder_;
};

TEST_F(ConfigFile, GivesPathsRelativeToItsFolder) {
    const auto loaded = load(complete);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    EXPECT_EQ(loaded->config.genesis, (folder_ / "genesis.json").string());
    EXPECT_EQ(loaded->config.cosigner_key, (folder_ / "keys/cosigner.key").string());
    EXPECT_EQ(loaded->config.tls_key, (folder_ / "keys/tls.key").string());
    EXPECT_EQ(loaded->config.public_listen.text(), "127.0.0.1:8443");
    EXPECT_EQ(loaded->config.peer_listen.text(), "127.0.0.1:7443");
    EXPECT_EQ(loaded->settings.at("node.member").origin, place(":2:10"));
    EXPECT_EQ(loaded->settings.at("public.listen").origin, "default");
}

TEST_F(ConfigFile, WantsACertificateAndItsKeyTogether) {
    const std::string pair = "[public]\ncertificate = \"c.pem\"\nkey = \"c.key\"\n";
    const auto loaded = load(complete + pair);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    EXPECT_EQ(loaded->config.public_certificate, (folder_ / "c.pem").string());
    EXPECT_EQ(loaded->config.public_key, (folder_ / "c.key").string());
    EXPECT_EQ(load(complete)->config.public_certificate, "") << "plain HTTP";
    const auto alone = load(std::string(complete) + "[public]\ncertificate = \"c.pem\"\n");
    ASSERT_FALSE(alone);
    EXPECT_EQ(alone.error().detail, place(": public.certificate is set without public.key"));
    const auto keyless = load(std::string(complete) + "[public]\nkey = \"c.key\"\n");
    ASSERT_FALSE(keyless);
    EXPECT_EQ(keyless.error().detail, place(": public.key is set without public.certificate"));
}

TEST_F(ConfigFile, IsOverruledByVariablesAndTheseByFlags) {
    ConfigSources sources;
    sources.environment = {{"CHANCERY_PUBLIC_LISTEN", "[::1]:1"},
                           {"CHANCERY_ADMIN_LISTEN", "127.0.0.2:2"}};
    sources.flags = {{"admin.listen", "127.0.0.3:3"}};
    const auto loaded =
        load(std::string(complete) + "[public]\nlisten = \"127.0.0.9:9\"\n", sources);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    EXPECT_EQ(loaded->config.public_listen.text(), "[::1]:1");
    EXPECT_EQ(loaded->config.admin_listen.text(), "127.0.0.3:3");
    EXPECT_EQ(loaded->settings.at("public.listen").origin, "CHANCERY_PUBLIC_LISTEN");
    EXPECT_EQ(loaded->settings.at("admin.listen").origin, "--admin.listen");
}

TEST_F(ConfigFile, ReadsTheLimitsOfAnAddress) {
    ConfigSources sources;
    sources.environment = {{"CHANCERY_PUBLIC_EXEMPT_LOOPBACK", "false"}};
    const auto loaded = load(std::string(complete) +
                                 "[public]\nrequests_per_second = 0\nwrites_per_second = 7\n"
                                 "exempt_loopback = true\n",
                             sources);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    EXPECT_EQ(loaded->config.requests_per_second, 0U);
    EXPECT_EQ(loaded->config.writes_per_second, 7U);
    EXPECT_FALSE(loaded->config.exempt_loopback);
    EXPECT_EQ(loaded->settings.at("public.exempt_loopback").value, "false");
    sources.environment = {{"CHANCERY_PUBLIC_EXEMPT_LOOPBACK", "yes"}};
    const auto wrong = load(complete, sources);
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().detail,
              "CHANCERY_PUBLIC_EXEMPT_LOOPBACK: public.exempt_loopback: want true or false");
}

TEST_F(ConfigFile, WarnsOfVariablesThatNobodyReads) {
    ConfigSources sources;
    sources.environment = {{"CHANCERY_PUBLIC_LITSEN", "127.0.0.1:1"}};
    const auto loaded = load(complete, sources);
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->warnings, std::vector<std::string>{"CHANCERY_PUBLIC_LITSEN"});
}

struct Wrong {
    const char* name;
    const char* added;   // To the complete file.
    const char* detail;  // After the file's path.
};

class WrongConfig : public ConfigFile, public testing::WithParamInterface<Wrong> {};

TEST_P(WrongConfig, IsRefusedWithPlaceAndExpectation) {
    const auto loaded = load(std::string(complete) + GetParam().added);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, Errc::invalid);
    EXPECT_EQ(loaded.error().detail, place(GetParam().detail));
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    WrongConfig,
    testing::Values(
        Wrong{"UnknownKey",
              "[public]\nlitsen = \"127.0.0.1:1\"\n",
              ":12:10: unknown key public.litsen; did you mean public.listen?"},
        Wrong{"UnknownTopLevel", "speed = 3\n", ":11:9: unknown key keys.speed"},
        Wrong{"NotAPort",
              "[public]\nlisten = \"127.0.0.1:70000\"\n",
              ":12:10: public.listen: want address:port, as in 127.0.0.1:8443 or [::1]:8443"},
        Wrong{"NoPort",
              "[admin]\nlisten = \"127.0.0.1\"\n",
              ":12:10: admin.listen: want address:port, as in 127.0.0.1:8443 or [::1]:8443"},
        Wrong{"NotAChoice",
              "[log]\nlevel = \"loud\"\n",
              ":12:9: log.level: want one of debug info warning error"},
        Wrong{"TooLarge",
              "[limits]\nconnections = 60001\n",
              ":12:15: limits.connections: want an integer from 1 to 60000"},
        Wrong{"Negative",
              "[limits]\nconnections = -1\n",
              ":12:15: limits.connections: want an integer from 1 to 60000"},
        Wrong{"TextForInteger",
              "[limits]\nconnections = \"100\"\n",
              ":12:15: limits.connections: want an integer"},
        Wrong{"IntegerForText",
              "[log]\nlevel = 3\n",
              ":12:9: log.level: want a text in quotation marks"},
        Wrong{"NameForAddress",
              "[public]\nlisten = \"localhost:8443\"\n",
              ":12:10: public.listen: want address:port, as in 127.0.0.1:8443 or [::1]:8443"},
        Wrong{"TextForBoolean",
              "[public]\nexempt_loopback = \"false\"\n",
              ":12:19: public.exempt_loopback: want true or false"},
        Wrong{"IntegerForBoolean",
              "[public]\nexempt_loopback = 0\n",
              ":12:19: public.exempt_loopback: want true or false"},
        Wrong{"NoBurst",
              "[public]\nwrites_burst = 0\n",
              ":12:16: public.writes_burst: want an integer from 1 to 1125899906842624"},
        Wrong{"WrongType",
              "[limits]\nconnections = true\n",
              ":12:15: limits.connections: want an integer"}),
    [](const auto& wrong) { return std::string(wrong.param.name); });

TEST_F(ConfigFile, SaysWhereTheTomlIsBroken) {
    const auto loaded = load("[node\n");
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, Errc::invalid);
    EXPECT_TRUE(loaded.error().detail.starts_with(place(":1:"))) << loaded.error().detail;
}

TEST_F(ConfigFile, NamesWhatIsMissing) {
    const auto loaded = load("[node]\nmember = \"uni-a\"\n");
    ASSERT_FALSE(loaded);
    EXPECT_TRUE(
        loaded.error().detail.ends_with("node.toml: node.genesis is not set and has no default"))
        << loaded.error().detail;
}

TEST_F(ConfigFile, MustBeThere) {
    const auto loaded = load_config({(folder_ / "absent.toml").string(), {}, {}});
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, Errc::io);
}

TEST(Nearest, FindsTheWordMeantAndNothingFarAway) {
    const std::vector<std::string> known = {"verify", "issue", "revoke"};
    EXPECT_EQ(nearest("isue", known), "issue");
    EXPECT_EQ(nearest("verfiy", known), "verify");
    EXPECT_EQ(nearest("completion", known), "");
}

}  // namespace
}  // namespace chancery::node
