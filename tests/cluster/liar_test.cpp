// One of four real nodes lies to the others, in one way after another, while clients submit:
// nothing that was answered is lost, all show one history, and who signed two is proven guilty.
#include "tests/support/liar.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>

#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/json/parse.h"
#include "node/keystore.h"
#include "tests/cluster/trial.h"
#include "tests/support/program.h"
#include "tests/support/scratch_folder.h"

namespace chancery::test {
namespace {

class Lying : public testing::Test {
protected:
    Trial trial{{.nodes = 4, .has_proxy = true}};
    Cluster& cluster = trial.cluster;
    const raft::NodeId liar = 4;

    void SetUp() override { ASSERT_TRUE(trial.is_begun()); }

    keys::Ed25519Key key(const std::string& name, keystore::Use use) const {
        const std::string folder = cluster.data(liar) + "/../keys/";
        auto loaded =
            keystore::load_ed25519_key({folder + name + ".key", folder + "passphrase"}, use);
        CHECK(loaded);
        return *loaded;
    }
    std::string text_of(const std::string& name) const {
        const json::Value told = cluster.status(1);
        CHECK(told.find(name) != nullptr);
        return *told.find(name)->as_string();
    }
    // From now on member `liar` lies like this, until the proxy heals.
    void tell(const std::set<Lie>& lies) {
        struct Speaker {
            explicit Speaker(Liar told) : liar(std::move(told)) {}
            std::mutex mutex;
            Liar liar;
        };
        const Liar::Self self{liar,
                              cluster.count(),
                              cluster.network_id(),
                              text_of("origin"),
                              slug,
                              key("node", keystore::Use::node),
                              key("cosigner", keystore::Use::cosigner)};
        const auto speaker = std::make_shared<Speaker>(Liar(self, lies, 1));
        cluster.proxy().set_rule(
            [this, speaker](raft::NodeId from, raft::NodeId to, rpc::PeerMessage message) {
                const std::scoped_lock lock(speaker->mutex);
                if (from == liar) return speaker->liar.lie(to, std::move(message));
                if (to == liar) {
                    for (rpc::PeerMessage& said : speaker->liar.hear(from, message))
                        cluster.proxy().say(from, std::move(said));
                }
                std::vector<rpc::PeerMessage> passed;
                passed.push_back(std::move(message));
                return passed;
            });
    }
    std::vector<std::string> forks_at(raft::NodeId node) const {
        std::vector<std::string> files;
        std::error_code none_there;
        for (const auto& file :
             std::filesystem::directory_iterator(cluster.data(node) + "/evidence", none_there)) {
            if (file.path().filename().string().starts_with("fork-"))
                files.push_back(file.path().string());
        }
        return files;
    }

    const std::string slug = "uni-d";
};

TEST_F(Lying, OneOfFourLeadsNobodyAstrayAndClientsGoOn) {
    for (const LieName& each : lie_names) {
        // Those that may stop the network, though nobody is misled, are the simulator's.
        const bool may_stop = each.lie == Lie::other_entries || each.lie == Lie::other_history ||
                              each.lie == Lie::other_past || each.lie == Lie::false_memory;
        if (may_stop) continue;
        trial.endures(std::string(each.name), [&] { tell({each.lie}); });
    }
    cluster.proxy().heal();
    trial.expect_whole();
    for (raft::NodeId node = 1; node <= 3; ++node)
        EXPECT_EQ(cluster.diary(node).find("halted"), std::string::npos) << node;
}

TEST_F(Lying, AVoteForWhoeverAsksElectsOneLeader) {
    trial.endures("two votes", [&] {
        tell({Lie::two_votes, Lie::forged_certificates});
        const raft::NodeId leader = cluster.leader();
        if (leader == 0 || leader == liar) return;
        cluster.signal(leader, SIGSTOP);
        EXPECT_TRUE(trial.goes_on());
        cluster.signal(leader, SIGCONT);
    });
    cluster.proxy().heal();
    trial.expect_whole();
}

TEST_F(Lying, WhoCosignsTwoHeadsIsNamedByEvidenceThatAnybodyCanCheck) {
    trial.endures("two heads", [&] { tell({Lie::double_cosignatures}); });
    EXPECT_TRUE(eventually([&] { return !forks_at(1).empty() || !forks_at(2).empty(); }));
    cluster.proxy().heal();
    trial.expect_whole();

    const ScratchFolder folder;
    const auto trust = cluster.get(1, "/v1/trust");
    ASSERT_TRUE(trust);
    std::ofstream(folder / "trust.json") << trust->body;
    std::size_t checked = 0;
    for (raft::NodeId node = 1; node <= 3; ++node) {
        const std::vector<std::string> files = forks_at(node);
        if (files.empty()) continue;
        EXPECT_GE(*cluster.status(node).find("evidence")->as_integer(), 1) << node;
        EXPECT_NE(cluster.diary(node).find("evidence"), std::string::npos);
        for (const std::string& file : files) {
            const Finished judged = run({.program = "chancery",
                                         .arguments = {"audit",
                                                       "evidence",
                                                       file,
                                                       "--trust",
                                                       folder / "trust.json",
                                                       "--network-id",
                                                       to_hex(cluster.network_id()),
                                                       "--json"},
                                         .folder = folder.path()});
            ASSERT_EQ(judged.status, 8) << judged.out << judged.err;
            const auto verdict = json::parse(judged.out);
            ASSERT_TRUE(verdict) << judged.out;
            const json::Array& guilty = *verdict->find("guilty")->as_array();
            ASSERT_EQ(guilty.size(), 1U);
            EXPECT_EQ(*guilty[0].find("member")->as_string(), slug);
            ++checked;
        }
    }
    std::printf("%zu files of evidence, each names %s alone\n", checked, slug.c_str());
}

}  // namespace
}  // namespace chancery::test
