// Every file of a node, changed or cut short at a random place: the node then refuses and says
// where, or repairs it, or answers exactly as before. What must never be is another answer.
#include <cstdio>
#include <cstdlib>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <unistd.h>

#include "crypto/hash/sha256.h"
#include "crypto/json/canonical.h"
#include "crypto/keys/key_seal.h"
#include "crypto/merkle/tile.h"
#include "node/keystore.h"
#include "node/local_file.h"
#include "node/node.h"
#include "storage/scrub.h"
#include "tests/support/one_node.h"
#include "tests/support/sanitized.h"

namespace chancery {
namespace {

namespace fs = std::filesystem;

constexpr int damage_count = test::is_sanitized ? 300 : 2'000;

// More of them, for hours: CHANCERY_DAMAGE_COUNT, and CHANCERY_DAMAGE_SEED for others.
std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* const text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed * 2 + 1) {}
    std::uint64_t below(std::uint64_t end) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return state_ % end;
    }

private:
    std::uint64_t state_;
};

using Files = std::map<std::string, std::string>;

// A node's own folder and the genesis beside it, kept in memory and laid out as often as wanted.
struct Layout {
    Files files;
    std::string root;

    std::string config() const { return root + "/uni-a/node.toml"; }

    void lay_out() const {
        fs::remove_all(root);
        for (const auto& [name, content] : files) {
            const fs::path path = fs::path(root) / name;
            fs::create_directories(path.parent_path());
            std::ofstream(path, std::ios::binary) << content;
            fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
        }
    }
};

// What a start said: an answer to every question that the network may ask, or why not.
struct Outcome {
    std::optional<Error> refusal;
    std::string answers;  // A hash of them.
};

// Gathers answers, or the first error among them.
class Answers {
public:
    template <typename T, typename Write>
    void take(const Result<T>& answer, Write write) {
        if (answer) {
            write(*answer, out_);
        } else if (!error_) {
            error_ = answer.error();
        }
    }
    void take_text(const Result<std::string>& answer) {
        take(answer, [](const std::string& text, Writer& out) { out.text(text).u8(0); });
    }

    Outcome outcome() { return {error_, std::string(text_of(sha256(out_.written())))}; }

private:
    Writer out_;
    std::optional<Error> error_;
};

void ask_of_entry(const node::Node& node, const ledger::Entry& entry, Answers& answers) {
    if (const auto* batch = std::get_if<ledger::BatchEntry>(&entry)) {
        answers.take(node.batch(batch->member, batch->nonce), [](const auto& found, Writer& out) {
            out.u64(found.first).u32(found.count).u64(found.height).u64(found.time);
        });
    }
    const auto* credential = std::get_if<ledger::CredentialEntry>(&entry);
    if (credential == nullptr) return;
    answers.take(node.credential({credential->member, credential->commitment}),
                 [](const auto& found, Writer& out) {
                     out.u64(found.position).u8(static_cast<std::uint8_t>(found.status));
                     out.u64(found.changed_at.value_or(ledger::no_position));
                 });
    answers.take(node.status_proof({credential->member, credential->commitment}),
                 [](const auto& proof, Writer& out) {
                     out.text(json::canonical(credential::to_json(proof)));
                 });
}

Outcome ask_everything(const node::Node& node) {
    Answers answers;
    answers.take_text(node.checkpoint());
    answers.take_text(node.trust_file());
    answers.take_text(node.policy());
    const std::uint64_t size = node.status().size;
    for (std::uint64_t index = 0; index * merkle::tile_width < size; ++index) {
        merkle::TileId id{.is_bundle = false,
                          .level = 0,
                          .index = index,
                          .width = merkle::tile_width_at(0, index, size)};
        const auto put = [](const Bytes& bytes, Writer& out) { out.bytes(bytes); };
        answers.take(node.tile(id), put);
        id.is_bundle = true;
        const auto bundle = node.tile(id);
        answers.take(bundle, put);
        if (!bundle) continue;
        const auto entries = merkle::parse_bundle(*bundle, id.width);
        if (!entries) continue;  // Other bytes than the undamaged node's, and so another answer.
        for (const ByteView bytes : *entries) {
            if (const auto entry = ledger::decode(bytes)) ask_of_entry(node, *entry, answers);
        }
    }
    return answers.outcome();
}

std::optional<Error> scrub(const node::Config& config) {
    const auto data = storage::open_data_directory(config.data, node::data_options(config));
    if (!data) return data.error();
    const auto ledger = node::recover_ledger(data->recovered, *data->ledger);
    if (!ledger) return ledger.error();
    auto pass = storage::Scrub::begin(*data->ledger);
    if (!pass) return pass.error();
    while (!pass->is_done()) {
        const auto findings = pass->step(1'000);
        if (!findings) return findings.error();
        if (!findings->empty()) return Error{Errc::corrupt, "ledger: " + findings->front().what};
    }
    return std::nullopt;
}

// As `chanceryd run` starts, but for threads and sockets; then every answer, then a whole scrub.
Outcome start_and_ask(const std::string& config_path) {
    static node::Diary diary(false, node::Level::error);
    const auto loaded = node::load_config({config_path, {}, {}});
    if (!loaded) return {loaded.error(), {}};
    auto keys = node::load_keys(loaded->config);
    if (!keys) return {keys.error(), {}};
    boost::asio::io_context http;
    Outcome outcome;
    {
        const auto node = node::Node::open(
            loaded->config, std::move(*keys), {node::system_clock(), diary, http.get_executor()});
        if (!node) return {node.error(), {}};
        outcome = ask_everything(**node);
    }
    if (!outcome.refusal) outcome.refusal = scrub(loaded->config);
    return outcome;
}

// Sealed again with the least work that a key file may ask for: the same secrets and bytes of the
// same kind, opened in a millisecond.
void make_keys_cheap(const std::string& folder) {
    const auto passphrase = keystore::read_passphrase(folder + "/keys/passphrase");
    ASSERT_TRUE(passphrase) << passphrase.error().detail;
    for (const auto& file : fs::directory_iterator(folder + "/keys")) {
        if (file.path().extension() != ".key") continue;
        const auto key = keystore::open_key_file({file.path(), folder + "/keys/passphrase"});
        ASSERT_TRUE(key) << key.error().detail;
        keys::SealParameters cheap;
        cheap.scrypt_n = 1U << 10;
        keystore::fill_random(cheap.salt);
        keystore::fill_random(cheap.nonce);
        const auto sealed = keys::seal_key(
            key->secret(), keystore::to_text(key->label()), passphrase->text(), cheap);
        ASSERT_TRUE(sealed);
        ASSERT_TRUE(node::replace_file(file.path(), *sealed, node::private_mode));
    }
}

// In memory where there is such a place: bytes are changed here and no power is cut, so nothing is
// gained by waiting for a disk thousands of times.
fs::path place_of_copies() {
    const fs::path memory = "/dev/shm";
    return ::access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path();
}

struct Damage : testing::Test {
    test::ScratchFolder scratch;
    test::ScratchFolder copies{place_of_copies()};
    Layout layout;

    // A life with a status change, several segments and a flushed database.
    void SetUp() override {
        const test::OneNode one(
            scratch / "one", "[storage]\njournal_segment_bytes = 65536\njournal_tail_bytes = 0\n");
        {
            cli::Process node = one.running_node();
            one.write_documents("docs", 0, 24);
            const auto issued = one.issue("docs", 3);
            ASSERT_EQ(issued.status, 0) << issued.err;
            const auto revoked =
                one.chancery({"revoke", one / "docs-issued/3.json", "--reason", "issued_in_error"});
            ASSERT_EQ(revoked.status, 0) << revoked.err;
            ASSERT_EQ(node.stop(), 0);
        }
        const std::string folder = one / "chancery-sandbox";
        ASSERT_NO_FATAL_FAILURE(make_keys_cheap(folder + "/uni-a"));
        for (const auto& [name, content] : test::files_below(folder)) {
            if (name.starts_with("uni-a/") || name == "genesis.json") layout.files[name] = content;
        }
        // What no node reads: RocksDB's diary, the member's other keys.
        for (const char* const unread : {"data/ledger/LOG",
                                         "data/ledger/LOG.old",
                                         "keys/assertion.key",
                                         "keys/governance.key",
                                         "keys/issuer.key",
                                         "keys/member.json",
                                         "chanceryd.log"})
            layout.files.erase(std::string("uni-a/") + unread);
        layout.root = copies / "copy";
    }
};

// The file, the folder it lies in, or the setting whose value is now another: enough to know where
// to look.
bool names_the_place(const std::string& detail, const std::string& victim) {
    const fs::path path(victim);
    if (path.filename() == "node.toml" && (detail.find("node.member") != std::string::npos ||
                                           detail.find("/copy/") != std::string::npos))
        return true;
    if (detail.find(path.filename().string()) != std::string::npos) return true;
    const std::string folder = path.parent_path().filename().string();
    return detail.find(folder) != std::string::npos;
}

TEST_F(Damage, AnywhereIsRefusedRepairedOrHarmless) {
    layout.lay_out();
    const Outcome good = start_and_ask(layout.config());
    ASSERT_FALSE(good.refusal) << good.refusal->detail;

    std::vector<std::string> names;
    for (const auto& [name, content] : layout.files) {
        if (!content.empty()) names.push_back(name);
    }
    const std::uint64_t count = number_from("CHANCERY_DAMAGE_COUNT", damage_count);
    const std::uint64_t seed = number_from("CHANCERY_DAMAGE_SEED", 1);
    Random random(seed);
    std::map<std::string, std::uint64_t> counted;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string& victim = names[random.below(names.size())];
        const std::string whole = layout.files.at(victim);
        const std::size_t at = random.below(whole.size());
        const bool is_torn = random.below(4) == 0;
        std::string damaged = whole.substr(0, is_torn ? at : whole.size());
        if (!is_torn) damaged[at] = static_cast<char>(damaged[at] ^ (1 << random.below(8)));
        layout.files[victim] = damaged;
        layout.lay_out();
        const Outcome outcome = start_and_ask(layout.config());
        const auto now = node::read_file(layout.root + "/" + victim, std::size_t{1} << 30);
        layout.files[victim] = whole;

        const std::string what =
            (is_torn ? "cut at " : "flip at ") + std::to_string(at) + " of " + victim;
        if (outcome.refusal) {
            EXPECT_TRUE(names_the_place(outcome.refusal->detail, victim))
                << what << ": " << outcome.refusal->detail;
            ++counted["refused"];
        } else if (outcome.answers != good.answers) {
            ADD_FAILURE() << "seed " << seed << ", " << what << ": answers otherwise, unnoticed";
            ++counted["silent"];
        } else if (!now || *now != damaged) {
            ++counted["repaired"];
        } else {
            ++counted["harmless"];
        }
    }
    std::printf(
        "%llu places in %zu files, seed %llu: %llu refused, %llu repaired, %llu harmless, "
        "%llu silent\n",
        static_cast<unsigned long long>(count),
        names.size(),
        static_cast<unsigned long long>(seed),
        static_cast<unsigned long long>(counted["refused"]),
        static_cast<unsigned long long>(counted["repaired"]),
        static_cast<unsigned long long>(counted["harmless"]),
        static_cast<unsigned long long>(counted["silent"]));
    EXPECT_EQ(counted["silent"], 0U);
    EXPECT_GT(counted["refused"], 0U);
}

}  // namespace
}  // namespace chancery
