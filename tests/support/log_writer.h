// Writes logs for auditors to read: honest ones by the registry's own rules, and any others from
// entries that the test has changed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "crypto/json/canonical.h"
#include "crypto/ledger/act.h"
#include "crypto/note/cosignature.h"
#include "node/audit/log_source.h"
#include "tests/support/memory_ledger_view.h"
#include "tests/support/test_network.h"

namespace chancery::test {

using LogFiles = std::map<std::string, Bytes>;  // By path, as an export writes them.

inline Bytes as_bytes(std::string_view text) {
    const ByteView view = bytes_of(text);
    return {view.begin(), view.end()};
}

inline std::vector<Hash> leaves_of(const std::vector<Bytes>& entries) {
    std::vector<Hash> leaves;
    for (const Bytes& entry : entries)
        leaves.push_back(merkle::leaf_hash(entry));
    return leaves;
}

// A note over the head, cosigned by members 1 to `cosigners`.
inline std::string cosigned(const ledger::Genesis& genesis,
                            const merkle::TreeHead& head,
                            std::size_t cosigners) {
    note::SignedNote note;
    note.text = note::checkpoint_text({.origin = genesis.origin, .head = head});
    for (std::size_t i = 0; i < cosigners; ++i) {
        const std::string& slug = genesis.members.at(i).slug;
        note.signatures.push_back(note::cosign(
            note.text, genesis.origin + "/" + slug, 1'767'225'600, ed25519_key(slug, "cosigner")));
    }
    return note::to_text(note);
}

inline void write_bundles(LogFiles& files, const std::vector<Bytes>& entries) {
    for (std::uint64_t index = 0; index * merkle::tile_width < entries.size(); ++index) {
        const merkle::TileId id{.is_bundle = true,
                                .level = 0,
                                .index = index,
                                .width = merkle::tile_width_at(0, index, entries.size())};
        Bytes bundle;
        for (std::uint64_t i = 0; i < id.width; ++i)
            merkle::append_to_bundle(bundle, entries[index * merkle::tile_width + i]);
        files[merkle::tile_path(id)] = bundle;
    }
}

inline void write_tiles(LogFiles& files, const std::vector<Bytes>& entries) {
    std::vector<Hash> hashes = leaves_of(entries);
    for (std::uint8_t level = 0; !hashes.empty(); ++level) {
        std::vector<Hash> above;
        for (std::size_t begin = 0; begin < hashes.size(); begin += merkle::tile_width) {
            const auto tile = std::span<const Hash>(hashes).subspan(
                begin, std::min<std::size_t>(merkle::tile_width, hashes.size() - begin));
            const merkle::TileId id{.is_bundle = false,
                                    .level = level,
                                    .index = begin / merkle::tile_width,
                                    .width = static_cast<std::uint32_t>(tile.size())};
            Bytes& bytes = files[merkle::tile_path(id)];
            for (const Hash& hash : tile)
                bytes.insert(bytes.end(), hash.begin(), hash.end());
            if (tile.size() == merkle::tile_width) above.push_back(merkle::root_of(tile));
        }
        hashes = above;
    }
}

// Everything of a log over these entries, sealed by as many members as the quorum asks for.
inline LogFiles export_log(const ledger::Genesis& genesis, const std::vector<Bytes>& entries) {
    LogFiles files;
    const merkle::TreeHead head{entries.size(), merkle::root_of(leaves_of(entries))};
    files["genesis.json"] = as_bytes(json::canonical(ledger::to_json(genesis)));
    files["checkpoint"] = as_bytes(cosigned(genesis, head, genesis.quorum));
    write_bundles(files, entries);
    write_tiles(files, entries);
    return files;
}

// The entries that a batch or an act leaves, whether or not anybody would accept it.
inline std::vector<Bytes> entries_of_bulk(const Bytes& bulk, ledger::TimeMs time) {
    if (const auto act = ledger::act_in(bulk)) {
        return {Writer().bytes(ByteView(bulk).first(2)).u64(time).bytes(*act).take()};
    }
    const auto batch = registry::split_bulk(bulk);
    CHECK(batch);
    ledger::BatchEntry header = batch->header;
    header.time = time;
    std::vector<Bytes> entries{ledger::encode(header)};
    for (std::uint32_t i = 0; i < batch->count(); ++i) {
        Writer record;
        record.u8(1).u8(static_cast<std::uint8_t>(header.record_kind)).u32(header.member);
        entries.push_back(record.u64(time).bytes(batch->body(i)).take());
    }
    return entries;
}

// Blocks by the rules, one after another.
class HonestLog {
public:
    explicit HonestLog(ledger::MemberNumber members)
        : genesis_(test_genesis(members)), state_(registry::initial_state(genesis_)) {}

    void block(const std::vector<Bytes>& bulks, ledger::TimeMs time) {
        registry::BlockBuilder builder(state_, ledger_, time);
        for (const Bytes& bulk : bulks) {
            const auto outcome = builder.add(bulk);
            CHECK(outcome && outcome->kind == registry::BlockBuilder::Outcome::Kind::accepted);
        }
        const registry::AppliedBlock applied = builder.finish();
        ledger_.add(applied);
        state_ = applied.after;
    }

    const ledger::Genesis& genesis() const { return genesis_; }
    const registry::State& state() const { return state_; }
    const std::vector<Bytes>& entries() const { return ledger_.entries(); }

private:
    ledger::Genesis genesis_;
    registry::State state_;
    MemoryLedgerView ledger_;
};

// A source over files in memory.
class MemorySource : public audit::LogSource {
public:
    explicit MemorySource(LogFiles files) : files_(std::move(files)) {}

    Result<std::string> genesis() override { return text("genesis.json"); }
    Result<std::string> trust() override { return text("trust.json"); }
    Result<std::string> checkpoint() override { return text("checkpoint"); }
    Result<Bytes> tile(const merkle::TileId& tile) override {
        const auto found = files_.find(merkle::tile_path(tile));
        if (found == files_.end()) return Error{Errc::not_found, "no such tile"};
        return found->second;
    }

private:
    Result<std::string> text(const std::string& name) {
        const auto found = files_.find(name);
        if (found == files_.end()) return Error{Errc::not_found, "no " + name};
        return std::string(text_of(found->second));
    }

    LogFiles files_;
};

}  // namespace chancery::test
