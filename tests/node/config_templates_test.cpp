// The networks that network-configs has templates of, each filled and started from.
#include <filesystem>

#include "crypto/ledger/genesis.h"
#include "node/cli/network_folder.h"
#include "node/config.h"
#include "tests/support/config_schema.h"
#include "tests/support/program.h"
#include "tests/support/scratch_folder.h"

namespace chancery {
namespace {

namespace fs = std::filesystem;
using test::Bad;
using test::changed;
using test::fault_of;
using test::parsed;
using test::read;
using test::templates;

// Each folder of network-configs, filled once by the command that the README names.
struct Shipped : testing::TestWithParam<std::string> {
    static const test::ScratchFolder& filled() {
        static const test::ScratchFolder folder;
        return folder;
    }
    static std::string folder() { return filled() / GetParam(); }
    static test::Finished run(const std::string& program, std::vector<std::string> words) {
        return test::run(
            {.program = program, .arguments = std::move(words), .folder = filled().path()});
    }
    void SetUp() override {
        if (fs::exists(folder())) return;
        const auto made = run("chancery",
                              {"network",
                               "genesis",
                               "from-template",
                               templates + "/" + GetParam(),
                               "--out",
                               folder()});
        ASSERT_EQ(made.status, 0) << made.err;
    }
    static json::Value genesis() { return parsed(read(folder() + "/genesis.json")); }
    static std::vector<std::string> slugs() {
        std::vector<std::string> found;
        const json::Value whole = genesis();
        for (const json::Value& member : *whole.find("members")->as_array())
            found.push_back(*member.find("slug")->as_string());
        return found;
    }
};

TEST_P(Shipped, HoldsNoKeyAndFitsTheSchema) {
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(templates + "/" + GetParam())) {
        EXPECT_EQ(entry.path().filename(), "network.toml");
        ++files;
    }
    EXPECT_EQ(files, 1U);
    const auto plan = cli::read_network_plan(templates + "/" + GetParam() + "/network.toml");
    ASSERT_TRUE(plan) << plan.error().detail;
    json::Array members;
    for (const cli::NodePlan& node : plan->nodes) {
        json::Object member{{"slug", node.member.slug},
                            {"name", node.member.name},
                            {"public", node.public_listen},
                            {"admin", node.admin_listen},
                            {"peer", node.member.peer_endpoint},
                            {"url", node.member.public_endpoint}};
        if (!node.member.did.empty()) member.push_back({"did", node.member.did});
        members.push_back(std::move(member));
    }
    EXPECT_EQ(fault_of(json::Object{{"name", plan->name},
                                    {"origin", plan->origin},
                                    {"member", std::move(members)}},
                       "network"),
              "");
}

TEST_P(Shipped, FilledPassesGenesisCheckAndFitsTheSchema) {
    EXPECT_EQ(fault_of(genesis(), "genesis"), "");
    const auto checked = run("chancery",
                             {"network",
                              "genesis",
                              "check",
                              folder() + "/genesis.json",
                              "--trust-out",
                              folder() + "/again.json"});
    EXPECT_EQ(checked.status, 0) << checked.err;
    EXPECT_EQ(checked.out.find("unsigned"), std::string::npos) << checked.out;
    EXPECT_EQ(read(folder() + "/again.json"), read(folder() + "/trust.json"));
}

TEST_P(Shipped, FilledNodesPassConfigCheckAndFitTheSchema) {
    for (const std::string& slug : slugs()) {
        const std::string path = folder() + "/" + slug + "/node.toml";
        const auto checked = run("chanceryd", {"config", "check", "--config", path});
        EXPECT_EQ(checked.status, 0) << checked.err;
        EXPECT_EQ(run("chanceryd", {"init", "--config", path}).status, 0);
        const auto loaded =
            node::parse_config(read(path), {.path = path, .environment = {}, .flags = {}});
        ASSERT_TRUE(loaded) << loaded.error().detail;
        EXPECT_EQ(loaded->config.member, slug);
        json::Value document = json::Object{};
        for (const auto& [key, setting] : loaded->settings) {
            if (setting.origin == "default") continue;
            const std::size_t dot = key.find('.');
            const std::string section = key.substr(0, dot);
            if (document.find(section) == nullptr) document.set(section, json::Object{});
            document.find(section)->set(key.substr(dot + 1), setting.value);
        }
        EXPECT_EQ(fault_of(document, "node"), "");
    }
}

TEST_P(Shipped, GenesisWithAnythingWrongIsRefusedByBoth) {
    const std::string member = "/members/0/";
    const std::vector<Bad> table = {
        {"/format", "\"chancery-genesis/v2\""},
        {"/network_name", "\"\""},
        {"/origin", "\"a b\""},
        {"/log", "5"},
        {"/quorum", "0"},
        {"/quorum", "65"},
        {"/quorum", "\"1\""},
        {"/members", "[]"},
        {"/more", "1"},
        {"/signatures", "\"-\""},
        {"/signatures/" + slugs().front(), "\"00\""},
        {"/signatures/Bad Slug", "\"" + std::string(128, '0') + "\""},
        {member + "slug", "\"none\""},
        {member + "name", "\"\""},
        {member + "did", "\"uni-a\""},
        {member + "more", "1"},
        {member + "keys/issuer", "\"-\""},
        {member + "keys/issuer", "\"0OIl\""},
        {member + "keys/tls", "\"z6Mk\""},
        {member + "node/tls_spki_sha256", "\"" + std::string(64, 'A') + "\""},
        {member + "node/node_key", "\"-\""},
        {member + "node/endpoints/peer", "\"a.example:0\""},
        {member + "node/endpoints/public", "\"ftp://a.example\""},
    };
    for (const Bad& bad : table) {
        const json::Value wrong = changed(genesis(), bad.pointer, parsed(bad.value));
        EXPECT_NE(fault_of(wrong, "genesis"), "") << bad.pointer << " " << bad.value;
        EXPECT_FALSE(ledger::genesis_from(wrong)) << bad.pointer << " " << bad.value;
    }
}

INSTANTIATE_TEST_SUITE_P(Templates,
                         Shipped,
                         testing::Values("local-1", "local-3", "example-consortium"),
                         [](const auto& one) {
                             std::string name = one.param;
                             std::erase(name, '-');
                             return name;
                         });

}  // namespace
}  // namespace chancery
