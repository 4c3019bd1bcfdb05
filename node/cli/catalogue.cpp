#include "node/cli/catalogue.h"

#include "node/cli/log_reader.h"

namespace chancery::cli {

Result<std::vector<Catalogued>> catalogue(Desk& desk, ledger::PublicationType type) {
    std::vector<Catalogued> all;
    for (const ledger::Member& member : desk.trust.trust().newest().members) {
        auto items = desk.node.publications(member.number, type, publications_listed_max);
        if (!items) return items.error();
        for (ListedPublication& item : *items)
            all.push_back({&member, std::move(item)});
    }
    return all;
}

Result<void> prove(Desk& desk, const Catalogued& wanted, ledger::PublicationType type) {
    const auto checkpoint = desk.node.checkpoint();
    if (!checkpoint) return checkpoint.error();
    NodeLog log(desk.node);
    const auto sealed = desk.trust.accept(*checkpoint, &log);
    if (!sealed) return sealed.error();
    LogReader reader(log, sealed->checkpoint.head);
    const auto proven = reader.entry(wanted.item.position);
    if (!proven) return proven.error();
    const auto entry = ledger::decode(proven->entry);
    const auto* const found = entry ? std::get_if<ledger::PublicationEntry>(&*entry) : nullptr;
    if (found != nullptr && found->member == wanted.member->number && found->type == type &&
        found->url == wanted.item.url && found->content_hash == wanted.item.content_hash)
        return {};
    return Error{Errc::corrupt,
                 "the ledger has something else at " + std::to_string(wanted.item.position) +
                     " than the publication that the node lists there"};
}

}  // namespace chancery::cli
