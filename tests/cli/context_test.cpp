#include <gtest/gtest.h>

#include "node/cli/client_context.h"
#include "node/cli/parse.h"
#include "tests/support/scratch_folder.h"

namespace chancery::cli {
namespace {

struct Context : testing::Test {
    test::ScratchFolder folder;
    Invocation call;
    Environment environment = {{"HOME", "/home/somebody"}};

    Result<ClientContext> load() const { return load_context(call, environment, folder.path()); }
    void write(std::string_view toml) const { folder.write("chancery-sandbox/client.toml", toml); }
};

TEST_F(Context, HasDefaultsWithoutAnyFile) {
    const auto context = load();
    ASSERT_TRUE(context);
    EXPECT_TRUE(context->nodes.empty());
    EXPECT_EQ(context->timeout, std::chrono::seconds(30));
    EXPECT_EQ(context->state, "/home/somebody/.local/state/chancery");
    EXPECT_FALSE(context->json);
}

TEST_F(Context, FlagsWinOverVariablesAndTheseOverTheSandbox) {
    write("node = \"http://file\"\ntrust = \"trust.json\"\nkey = \"/abs/issuer.key\"\n");
    EXPECT_EQ(load()->nodes, std::vector<std::string>{"http://file"});
    EXPECT_EQ(load()->trust, folder / "chancery-sandbox/trust.json");
    EXPECT_EQ(load()->key, "/abs/issuer.key");
    environment["CHANCERY_NODE"] = "http://variable";
    EXPECT_EQ(load()->nodes, std::vector<std::string>{"http://variable"});
    call.set("node", {"http://flag"});
    EXPECT_EQ(load()->nodes, std::vector<std::string>{"http://flag"});
}

TEST_F(Context, KnowsSeveralNodesInTheirOrder) {
    const std::vector<std::string> two = {"http://b", "http://a"};
    write("node = [\"http://b\", \"http://a\"]\n");
    EXPECT_EQ(load()->nodes, two);
    write("");
    environment["CHANCERY_NODE"] = "http://b,http://a";
    EXPECT_EQ(load()->nodes, two);
    const auto parsed =
        parse_words(command_tree(), {"version", "--node", "http://b", "--node", "http://a"});
    ASSERT_TRUE(parsed) << parsed.error().detail;
    call.set("node", parsed->call.texts("node"));
    environment.clear();
    EXPECT_EQ(load()->nodes, two);
}

TEST_F(Context, ReadsSwitchesFromVariables) {
    environment["CHANCERY_JSON"] = "1";
    environment["CHANCERY_QUIET"] = "false";
    environment["CHANCERY_NO_INPUT"] = "true";
    EXPECT_TRUE(load()->json);
    EXPECT_FALSE(load()->quiet);
    EXPECT_TRUE(load()->no_input);
}

struct BadFile {
    std::string_view toml;
    std::string_view says;
};

TEST_F(Context, RefusesBadFilesWithThePlace) {
    const std::vector<BadFile> table = {
        {"node = \"x\"\nkee = \"y\"\n", "client.toml:2:"},
        {"kee = \"y\"\n", "did you mean \"key\"?"},
        {"node = 5\n", "node must be a string"},
        {"node = [\"http://a\", 5]\n", "client.toml:1:21: node must hold strings"},
        {"node = \n", "client.toml:1:"},
        {"network_id = \"abc\"\n", "want 64 lower-case hex digits"},
    };
    for (const BadFile& bad : table) {
        write(bad.toml);
        const auto context = load();
        ASSERT_FALSE(context) << bad.toml;
        EXPECT_EQ(context.error().code, Errc::invalid);
        EXPECT_NE(context.error().detail.find(bad.says), std::string::npos)
            << context.error().detail;
    }
}

TEST_F(Context, RefusesBadVariables) {
    for (const auto& [name, value] : Environment{{"CHANCERY_JSON", "yes"},
                                                 {"CHANCERY_TIMEOUT", "0s"},
                                                 {"CHANCERY_TIMEOUT", "soon"},
                                                 {"CHANCERY_NETWORK_ID", std::string(64, 'G')}}) {
        environment = {{name, value}};
        EXPECT_EQ(load().error().code, Errc::invalid) << name;
    }
}

}  // namespace
}  // namespace chancery::cli
