#include "node/audit/block_judge.h"

#include <algorithm>
#include <cstring>

#include "crypto/base/encoding.h"
#include "crypto/ledger/act.h"
#include "crypto/merkle/tile.h"

namespace chancery::audit {
namespace {

using Outcome = registry::BlockBuilder::Outcome;

constexpr std::size_t record_head_bytes = 14;  // Format, kind, member, time.
constexpr std::size_t time_offset = 10;        // Of a batch entry.
constexpr std::size_t time_bytes = 8;

std::uint8_t code(ledger::Kind kind) { return static_cast<std::uint8_t>(kind); }

class BlockJudge {
public:
    BlockJudge(const registry::State& before,
               const registry::LedgerView& view,
               const registry::EntryRun& entries)
        : before_(before),
          entries_(entries),
          has_state_(is_state_entry(entries.entry(entries.count() - 1))),
          records_end_(has_state_ ? entries.count() - 1 : entries.count()),
          time_(first_time()),
          builder_(before, view, time_) {}

    Result<Judged> judge() {
        Judged judged;
        if (time_ < before_.time) {
            judged.finding = wrong(0,
                                   "time of the block",
                                   "at least " + std::to_string(before_.time),
                                   std::to_string(time_));
            return judged;
        }
        for (std::size_t at = 0; at < records_end_;) {
            auto checked = is_act(at) ? judge_act(at) : judge_batch(at);
            if (!checked) return checked.error();
            judged.finding = std::move(*checked);
            if (judged.finding) return judged;
        }
        if (!has_state_) {
            judged.finding = wrong(entries_.count(), "entry", "the block's state entry", end());
            return judged;
        }
        registry::AppliedBlock applied = builder_.finish();
        judged.finding = state_fault(applied);
        if (!judged.finding) judged.finding = bytes_fault(applied);
        if (!judged.finding) judged.applied = std::move(applied);
        return judged;
    }

private:
    Finding wrong(std::size_t at,
                  std::string what,
                  std::string expected,
                  std::string actual) const {
        Finding finding;
        finding.position = before_.frontier.leaf_count() + at;
        finding.what = std::move(what);
        finding.expected = std::move(expected);
        finding.actual = std::move(actual);
        return finding;
    }

    Finding unknown(std::size_t at, std::string actual) const {
        Finding finding = wrong(at,
                                "a version of this program that knows the entry",
                                "entries of format 1 that this version knows",
                                std::move(actual));
        finding.needs_newer_version = true;
        return finding;
    }

    // What all entries of the block must say; that of the block before if the first cannot tell.
    ledger::TimeMs first_time() const {
        const auto entry = ledger::decode(entries_.entry(0));
        if (!entry) return before_.time;
        if (const auto* batch = std::get_if<ledger::BatchEntry>(&*entry)) return batch->time;
        if (const auto* state = std::get_if<ledger::StateEntry>(&*entry)) return state->time;
        if (const auto* act = std::get_if<ledger::GovernanceEntry>(&*entry)) return act->time;
        return before_.time;
    }

    bool is_act(std::size_t at) const {
        const ByteView entry = entries_.entry(at);
        return entry.size() >= 2 && entry[0] == ledger::entry_format &&
               entry[1] == code(ledger::Kind::governance);
    }

    // Of what should be the next batch's own entry.
    std::optional<Finding> head_fault(std::size_t at, const Result<ledger::Entry>& entry) const {
        if (!entry) return wrong(at, "entry", "a well-formed one", entry.error().detail);
        if (const auto* other = std::get_if<ledger::UnknownEntry>(&*entry)) {
            return unknown(at,
                           "format " + std::to_string(other->format) + ", kind " +
                               std::to_string(other->kind));
        }
        const auto* batch = std::get_if<ledger::BatchEntry>(&*entry);
        if (batch == nullptr) {
            return wrong(at,
                         "kind of the entry",
                         "1 (batch), 5 (governance) or 7 (state)",
                         std::to_string(entries_.entry(at)[1]));
        }
        if (batch->time != time_) return time_fault(at, batch->time);
        return std::nullopt;
    }

    Finding time_fault(std::size_t at, ledger::TimeMs actual) const {
        return wrong(at,
                     "time of the entry",
                     "the block's, " + std::to_string(time_),
                     std::to_string(actual));
    }

    // The act at `at`; moves `at` behind it.
    Checked judge_act(std::size_t& at) {
        const auto entry = ledger::decode(entries_.entry(at));
        if (!entry)
            return std::optional(wrong(at, "entry", "a well-formed one", entry.error().detail));
        const auto& act = std::get<ledger::GovernanceEntry>(*entry);
        if (act.time != time_) return std::optional(time_fault(at, act.time));
        if (ledger::is_act_of_another_name(text_of(act.act))) {
            return std::optional(unknown(at, "an act of another name"));
        }
        auto outcome = builder_.add_act(Writer().bytes(act.signature).bytes(act.act).written());
        if (!outcome) return outcome.error();
        if (auto fault = outcome_fault(at, "act", *outcome)) return fault;
        ++at;
        return all_well();
    }

    // A record's first bytes are the same throughout its batch, and seldom looked at one by one.
    std::optional<Finding> record_fault(std::size_t at,
                                        const ledger::BatchEntry& batch,
                                        ByteView head) const {
        const ByteView entry = entries_.entry(at);
        const std::size_t fixed = registry::fixed_body_bytes(batch.record_kind);
        if (entry.size() >= head.size() &&
            std::memcmp(entry.data(), head.data(), head.size()) == 0 &&
            (fixed == 0 || entry.size() == head.size() + fixed)) {
            return std::nullopt;
        }
        const auto decoded = ledger::decode(entry);
        if (!decoded) return wrong(at, "entry", "a well-formed one", decoded.error().detail);
        if (const auto* other = std::get_if<ledger::UnknownEntry>(&*decoded)) {
            return unknown(at,
                           "format " + std::to_string(other->format) + ", kind " +
                               std::to_string(other->kind));
        }
        if (entry[1] != head[1]) {
            return wrong(at,
                         "kind of the entry",
                         std::to_string(head[1]) + ", a record of the batch before it",
                         std::to_string(entry[1]));
        }
        Reader in(entry.subspan(2));
        const ledger::MemberNumber member = in.u32();
        if (member == batch.member) return time_fault(at, in.u64());
        return wrong(
            at, "member of the entry", std::to_string(batch.member), std::to_string(member));
    }

    // The batch at `at`; moves `at` behind it.
    Checked judge_batch(std::size_t& at) {
        const ByteView header = entries_.entry(at);
        const auto entry = ledger::decode(header);
        if (auto fault = head_fault(at, entry)) return fault;
        const auto& batch = std::get<ledger::BatchEntry>(*entry);
        Writer head;
        head.u8(ledger::entry_format).u8(code(batch.record_kind)).u32(batch.member).u64(time_);

        bulk_.assign(header.begin(), header.begin() + time_offset);
        const ByteView after_time = header.subspan(time_offset + time_bytes);
        bulk_.insert(bulk_.end(), after_time.begin(), after_time.end());
        const bool has_length = registry::fixed_body_bytes(batch.record_kind) == 0;
        for (std::size_t i = 1; i <= batch.count; ++i) {
            if (at + i >= records_end_) return missing_record(at + i, i, batch);
            if (auto fault = record_fault(at + i, batch, head.written())) return fault;
            const ByteView body = entries_.entry(at + i).subspan(record_head_bytes);
            if (has_length) {
                bulk_.push_back(static_cast<std::uint8_t>(body.size() >> 8));
                bulk_.push_back(static_cast<std::uint8_t>(body.size()));
            }
            bulk_.insert(bulk_.end(), body.begin(), body.end());
        }
        auto outcome = builder_.add_batch(bulk_);
        if (!outcome) return outcome.error();
        if (auto fault = outcome_fault(at, "batch", *outcome)) return fault;
        at += 1 + batch.count;
        return all_well();
    }

    std::optional<Finding> missing_record(std::size_t at,
                                          std::size_t number,
                                          const ledger::BatchEntry& batch) const {
        return wrong(at,
                     "entry",
                     "record " + std::to_string(number) + " of " + std::to_string(batch.count) +
                         " of its batch",
                     has_state_ ? "the block's state entry" : end());
    }

    // What stands where a block without a state entry stops.
    std::string end() const {
        const std::uint64_t bytes =
            entries_.bytes.size() - merkle::entry_length_bytes * entries_.count();
        if (bytes <= ledger::block_bytes_max) return "the end of the log";
        return "more than " + std::to_string(ledger::block_bytes_max) + " bytes of entries";
    }

    std::optional<Finding> outcome_fault(std::size_t at,
                                         const std::string& what,
                                         const Outcome& outcome) const {
        if (outcome.kind == Outcome::Kind::accepted) return std::nullopt;
        if (outcome.kind == Outcome::Kind::repeated) {
            return wrong(at,
                         what,
                         "one that is not on the ledger",
                         "the " + what + " at position " + std::to_string(outcome.position()) +
                             " once more");
        }
        const std::size_t blamed = outcome.refused_record ? at + 1 + *outcome.refused_record : at;
        return wrong(blamed,
                     outcome.refused_record ? "record of the batch" : what,
                     "one that keeps the rules",
                     outcome.refusal->detail);
    }

    std::optional<Finding> state_fault(const registry::AppliedBlock& applied) const {
        const std::size_t at = entries_.count() - 1;
        const auto actual_entry = ledger::decode(entries_.entry(at));
        if (!actual_entry) {
            return wrong(at, "entry", "a well-formed one", actual_entry.error().detail);
        }
        const auto expected_entry =
            ledger::decode(applied.entries.entry(applied.entries.count() - 1));
        CHECK(expected_entry);
        const auto& actual = std::get<ledger::StateEntry>(*actual_entry);
        const auto& expected = std::get<ledger::StateEntry>(*expected_entry);
        const auto differ = [&](std::string what, std::uint64_t want, std::uint64_t got) {
            return wrong(at, std::move(what), std::to_string(want), std::to_string(got));
        };
        if (actual.height != expected.height) {
            return differ("height of the block", expected.height, actual.height);
        }
        if (actual.time != expected.time) return time_fault(at, actual.time);
        if (actual.size != expected.size) {
            return differ("size in the state entry", expected.size, actual.size);
        }
        if (actual.status_root != expected.status_root) {
            return wrong(
                at, "status_root", to_hex(expected.status_root), to_hex(actual.status_root));
        }
        if (actual.members_hash != expected.members_hash) {
            return wrong(
                at, "members_hash", to_hex(expected.members_hash), to_hex(actual.members_hash));
        }
        return std::nullopt;
    }

    // Everything was compared by what it means; byte for byte, nothing can be left.
    std::optional<Finding> bytes_fault(const registry::AppliedBlock& applied) const {
        if (applied.entries.bytes == entries_.bytes) return std::nullopt;
        std::size_t at = 0;
        while (at < applied.entries.count() && at < entries_.count() &&
               equal(applied.entries.entry(at), entries_.entry(at)))
            ++at;
        CHECK(at < applied.entries.count() && at < entries_.count());
        return wrong(at,
                     "bytes of the entry",
                     to_hex(applied.entries.entry(at)),
                     to_hex(entries_.entry(at)));
    }

    const registry::State& before_;
    const registry::EntryRun& entries_;
    bool has_state_;
    std::size_t records_end_;
    ledger::TimeMs time_;
    registry::BlockBuilder builder_;
    Bytes bulk_;
};

}  // namespace

bool is_state_entry(ByteView entry) {
    return entry.size() >= 2 && entry[0] == ledger::entry_format &&
           entry[1] == code(ledger::Kind::state);
}

Result<Judged> judge_block(const registry::State& before,
                           const registry::LedgerView& view,
                           const registry::EntryRun& entries) {
    CHECK(entries.count() > 0);
    return BlockJudge(before, view, entries).judge();
}

}  // namespace chancery::audit
