#include "node/audit/list_audit.h"

#include "crypto/ledger/publication.h"

namespace chancery::audit {
namespace {

using credential::StatusPurpose;
using ledger::CredentialStatus;

std::string name_of_list(const PublishedList& list) {
    return std::string(
        ledger::publication_name(ledger::PublicationType::status_list, list.entry.url));
}

std::string more_than(std::size_t set, std::uint64_t on_ledger, std::string_view what) {
    return "sets " + std::to_string(set) + " bits, on the ledger " + std::to_string(on_ledger) +
           " credentials are " + std::string(what);
}

}  // namespace

ListAudit::Office& ListAudit::office_of(const ledger::Member& member) {
    Office& office = offices_[member.number];
    office.slug = member.slug;
    return office;
}

void ListAudit::found(ListFinding finding) {
    ++(finding.is_contradiction ? report_.contradictions : report_.untold);
    if (report_.findings.size() < findings_max) report_.findings.push_back(std::move(finding));
}

// In the order of the ledger: a list repeats what stands before it.
void ListAudit::saw(const registry::AppliedBlock& block) {
    auto status = block.statuses.begin();
    const auto take_statuses_before = [&](ledger::Position position) {
        for (; status != block.statuses.end() && status->entry < position; ++status)
            take_status(block, *status);
    };
    for (const registry::NewPublication& each : block.publications) {
        if (each.type != ledger::PublicationType::status_list) continue;
        take_statuses_before(each.entry);
        take_list(block, each.entry);
    }
    take_statuses_before(ledger::no_position);
}

void ListAudit::take_status(const registry::AppliedBlock& block,
                            const registry::NewStatus& status) {
    const auto entry =
        ledger::decode(block.entries.entry(static_cast<std::size_t>(status.entry - block.first)));
    const auto* const change = entry ? std::get_if<ledger::StatusEntry>(&*entry) : nullptr;
    if (change == nullptr) return;  // An act, which changes many at once.
    const ledger::Member* const member = block.after.members->find(change->member);
    CHECK(member != nullptr);
    Office& office = office_of(*member);
    office.changed_at = status.entry;
    office.suspended.erase(status.credential);
    if (status.status == CredentialStatus::suspended) office.suspended.insert(status.credential);
    if (status.status == CredentialStatus::revoked || status.status == CredentialStatus::superseded)
        ++office.withdrawn;
}

void ListAudit::take_list(const registry::AppliedBlock& block, ledger::Position position) {
    auto entry =
        ledger::decode(block.entries.entry(static_cast<std::size_t>(position - block.first)));
    CHECK(entry);
    PublishedList list{.position = position,
                       .entry = std::get<ledger::PublicationEntry>(*std::move(entry)),
                       .member = nullptr};
    list.member = block.after.members->find(list.entry.member);
    CHECK(list.member != nullptr);
    Office& office = office_of(*list.member);
    ++report_.publications;
    const auto content = source_.content(list.entry.content_hash);
    if (!content) {
        // Its bits are unknown, so those before it say nothing of now.
        const auto earlier = office.lists.find(name_of_list(list));
        if (earlier != office.lists.end()) {
            if (earlier->second.bits) kept_bytes_ -= earlier->second.bits->size() / 8;
            office.lists.erase(earlier);
        }
        found({.position = position,
               .member = office.slug,
               .list = name_of_list(list),
               .what = "its content is not to be had: " + content.error().detail});
        return;
    }
    auto read = read_list(list, *content);
    if (!read) {
        found({.position = position,
               .member = office.slug,
               .list = name_of_list(list),
               .what = read.error().detail,
               .is_contradiction = true});
        return;
    }
    ++report_.read;
    hold_against_earlier(list, *read, office);
    hold_against_ledger(list, *read, office);
    keep(list, *std::move(read), office);
}

void ListAudit::hold_against_earlier(const PublishedList& list,
                                     const ListContent& read,
                                     Office& office) {
    const auto earlier = office.lists.find(name_of_list(list));
    if (earlier == office.lists.end()) return;
    const Newest& before = earlier->second;
    const auto wrong = [&](std::string what, bool is_contradiction = true) {
        found({.position = list.position,
               .member = office.slug,
               .list = earlier->first,
               .what = std::move(what),
               .is_contradiction = is_contradiction});
    };
    const std::string since = " the one at " + std::to_string(before.position);
    if (before.purpose != read.purpose) return wrong("is of another purpose than" + since);
    if (!before.bits) return wrong("is not held against" + since + ": too many lists", false);
    if (before.bits->size() != read.bits.size())
        return wrong("has " + std::to_string(read.bits.size()) + " bits," + since + " has " +
                     std::to_string(before.bits->size()));
    if (read.purpose != StatusPurpose::revocation) return;
    if (const auto cleared = before.bits->first_cleared_in(read.bits))
        wrong("takes back the revocation of index " + std::to_string(*cleared) + ", set in" +
              since);
}

void ListAudit::hold_against_ledger(const PublishedList& list,
                                    const ListContent& read,
                                    Office& office) {
    const bool is_suspension = read.purpose == StatusPurpose::suspension;
    const std::uint64_t on_ledger = is_suspension ? office.suspended.size() : office.withdrawn;
    const std::size_t set = read.bits.count();
    if (set <= on_ledger) return;
    found({.position = list.position,
           .member = office.slug,
           .list = name_of_list(list),
           .what = more_than(set, on_ledger, is_suspension ? "suspended" : "revoked or superseded"),
           .is_contradiction = true});
}

void ListAudit::keep(const PublishedList& list, ListContent read, Office& office) {
    Newest& newest = office.lists[name_of_list(list)];
    if (newest.bits) kept_bytes_ -= newest.bits->size() / 8;
    newest = {
        .position = list.position, .purpose = read.purpose, .set = read.bits.count(), .bits = {}};
    const std::size_t bytes = read.bits.size() / 8;
    if (kept_bytes_ + bytes > kept_bytes_max) return;
    kept_bytes_ += bytes;
    newest.bits = std::move(read.bits);
}

void ListAudit::sum_up(const Office& office) {
    std::map<StatusPurpose, std::size_t> set;
    std::map<StatusPurpose, ledger::Position> newest;
    for (const auto& [name, list] : office.lists) {
        set[list.purpose] += list.set;
        newest[list.purpose] = std::max(newest[list.purpose], list.position);
    }
    const auto tell = [&](StatusPurpose purpose, std::uint64_t on_ledger, std::string_view what) {
        if (set[purpose] <= on_ledger) return;
        // A credential that was reinstated after its list was published: the list is behind.
        const bool is_behind =
            purpose == StatusPurpose::suspension && office.changed_at > newest[purpose];
        found({.position = newest[purpose],
               .member = office.slug,
               .list = {},
               .what = "all newest lists of " + std::string(name_of(purpose)) +
                       " together: " + more_than(set[purpose], on_ledger, what) +
                       (is_behind ? "; the ledger changed after them" : ""),
               .is_contradiction = !is_behind});
    };
    tell(StatusPurpose::revocation, office.withdrawn, "revoked or superseded");
    tell(StatusPurpose::suspension, office.suspended.size(), "suspended");
}

ListReport ListAudit::finish() && {
    for (const auto& [number, office] : offices_) {
        report_.lists += office.lists.size();
        sum_up(office);
    }
    return std::move(report_);
}

}  // namespace chancery::audit
