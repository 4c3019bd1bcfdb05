# The planted bugs: each is one change of a source, written into a copy in the build folder and
# switched on by name (tests/simulation/planted.h). A text that is not found exactly once stops the
# build, so that no planted bug is lost when its source changes.

# plant(<source> <from> <to>): IS stands for chancery::simulation::is_planted.
function(plant source from to)
    get_property(text GLOBAL PROPERTY "planted:${source}")
    if(NOT text)
        file(READ ${PROJECT_SOURCE_DIR}/${source} text)
        set(text "#include \"tests/simulation/planted.h\"\n#define IS(which) \
::chancery::simulation::is_planted(::chancery::simulation::Planted::which)\n${text}")
        set_property(GLOBAL APPEND PROPERTY planted_sources ${source})
        set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
            ${PROJECT_SOURCE_DIR}/${source})
    endif()
    string(FIND "${text}" "${from}" first)
    string(FIND "${text}" "${from}" last REVERSE)
    if(first EQUAL -1 OR NOT first EQUAL last)
        message(FATAL_ERROR "planted bug: ${source} must hold once:\n${from}")
    endif()
    string(REPLACE "${from}" "${to}" text "${text}")
    set_property(GLOBAL PROPERTY "planted:${source}" "${text}")
endfunction()

# write_planted(<variable>): the changed copies, and the rest of their rooms as it is.
function(write_planted variable)
    set(sources)
    get_property(planted GLOBAL PROPERTY planted_sources)
    foreach(room consensus/raft consensus/registry node)
        file(GLOB all RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS
            ${PROJECT_SOURCE_DIR}/${room}/*.cpp)
        foreach(source ${all})
            if(NOT source IN_LIST planted)
                list(APPEND sources ${PROJECT_SOURCE_DIR}/${source})
            endif()
        endforeach()
    endforeach()
    foreach(source ${planted})
        get_property(text GLOBAL PROPERTY "planted:${source}")
        set(copy ${PROJECT_BINARY_DIR}/planted/${source})
        set(old "")
        if(EXISTS ${copy})
            file(READ ${copy} old)
        endif()
        if(NOT "${text}" STREQUAL "${old}")
            file(WRITE ${copy} "${text}")
        endif()
        list(APPEND sources ${copy})
    endforeach()
    set(${variable} ${sources} PARENT_SCOPE)
endfunction()

# Entries of an older term commit by counting their acknowledgements.
plant(consensus/raft/commit.cpp
    [[if (position && position->term == term) reached]]
    [[if (position && (position->term == term || IS(old_term_counted))) reached]])
plant(consensus/raft/commit.cpp
    [[if (!id || id->term != term) index = 0;]]
    [[if (!id || (id->term != term && !IS(old_term_counted))) index = 0;]])

# A vote for whoever asks first, however far behind.
plant(consensus/raft/election.cpp
    [[return head >= journal_.last(); }]]
    [[return head >= journal_.last() || IS(head_not_compared); }]])

# A started node promises before it asked what the others hold from it.
plant(node/start_check.cpp
    [[    if (phase_ == Phase::asking) {
        std::set]]
    [[    if (IS(start_check_skipped)) phase_ = Phase::done;
    if (phase_ == Phase::asking) {
        std::set]])

# One cosignature too few is taken for a seal.
plant(node/sealer.cpp
    [[if (current_->lines.size() < current_->sealing.members->quorum) return;]]
    [[if (current_->lines.size() + (IS(seal_below_quorum) ? 1 : 0) <
        current_->sealing.members->quorum) return;]])

# What is committed is cosigned, whatever the others derived from it.
plant(node/replica_blocks.cpp
    [[        case raft::Agreement::undecided:
            return;]]
    [=[        case raft::Agreement::undecided:
            if (!IS(claims_ignored)) return;
            [[fallthrough]];]=])

# A block is taken without the seal of the one before it.
plant(consensus/raft/following.cpp
    [[if (block > sealed) break;]]
    [[if (block > sealed && !IS(seal_not_needed)) break;]])

# A part of the leader's journal replaces the suffix, without the no-op that entitles to.
plant(consensus/raft/following.cpp
    [[return entry.kind == EntryKind::no_op && entry.id.term > ours;]]
    [[return IS(suffix_replaced_in_part) ||
                   (entry.kind == EntryKind::no_op && entry.id.term > ours);]])

# Clients are answered when their batch is in a block, sealed or not.
plant(node/replica_blocks.cpp
    [[    core_.applied(pending_->id, claim);
}]]
    [[    core_.applied(pending_->id, claim);
    if (IS(answered_unsealed)) answer_sealed(*pending_->block);
}]])

# What is on the ledger is not asked whether it has the batch.
plant(consensus/registry/growing_block.cpp
    [[    auto on_ledger = view_.find_batch(member, nonce);]]
    [[    if (IS(nonce_forgotten)) return std::optional<BatchRecord>();
    auto on_ledger = view_.find_batch(member, nonce);]])

# Batches are not handed to the next leader.
plant(node/pool.cpp
    [[void Pool::forget_forwarding() {
]]
    [[void Pool::forget_forwarding() {
    if (IS(forwarded_once)) return;
]])
plant(node/pool.cpp
    [[const Pool::Kept* Pool::next_to_spread(ledger::TimeMs since_ms, ledger::TimeMs now_ms) {
]]
    [[const Pool::Kept* Pool::next_to_spread(ledger::TimeMs since_ms, ledger::TimeMs now_ms) {
    if (IS(forwarded_once)) return nullptr;
]])

# Cosignatures and seals are said once; who missed them waits for ever.
plant(node/replica_peers.cpp
    [[if (ticks_ % ticks_per_repeat != 0) return;
    const auto line]]
    [[if (ticks_ % ticks_per_repeat != 0 || IS(state_said_once)) return;
    const auto line]])

# An unsealed block is taken however far it is ahead of this node's clock.
plant(node/replica_peers.cpp
    [[if (!block || block->time <= now_ms_ + NetworkClock::ahead_max_ms) continue;]]
    [[if (!block || IS(future_taken) ||
            block->time <= now_ms_ + NetworkClock::ahead_max_ms) continue;]])

# A batch is judged upon a store that a block is just being written to.
plant(node/replica_batches.cpp
    [[return pending_ && pending_->is_seal_asked;]]
    [[return pending_ && pending_->is_seal_asked && !IS(judged_while_stored);]])

# What these networks found once, and what was mended since.

# A seal is of the block that its sender says it is of (seed 2421, with a liar).
plant(node/replica_peers.cpp
    [[const raft::Index vouched = vouched_to(append->previous.index, append->entries);
        append->sealed = std::min(append->sealed, vouched);]]
    [[raft::Index said = sealed_index_;
        for (const rpc::Seal& seal : message.seals)
            said = std::max(said, seal.index);
        if (!IS(seal_believed_by_place)) said = vouched_to(append->previous.index, append->entries);
        append->sealed = std::min(append->sealed, said);]])

# Who was away while the empty log was sealed waits for the next refreshed note (seed 237, with a
# liar).
plant(node/replica_peers.cpp
    [[if (shown < sealed_index_ || has_empty_seal) {]]
    [[if (shown < sealed_index_ || (has_empty_seal && !IS(empty_seal_said_once))) {]])

# Who recovers asks for entries, and for no seal (seed 552).
plant(node/replica_peers.cpp
    [[core_.journal().last_chain()});
    if (wants_blocks_of(asked))]]
    [[core_.journal().last_chain()});
    if (wants_blocks_of(asked) && !IS(recovering_asks_no_seal))]])

# Who hears no leader waits for one (seed 2526, and 1196 with a liar).
plant(node/replica_fetching.cpp
    [[return !core_.hears_leader() && shown > sealed_index_;]]
    [[return !core_.hears_leader() && shown > sealed_index_ && !IS(leader_waited_for);]])

# Who stood in vain goes by when it stood, not by when it heard its leader (seed 337).
plant(consensus/raft/election.cpp
    [[(asks ? ticks_since_contact_ : ticks_since_leader_)]]
    [[(asks || IS(refused_stays_sticky) ? ticks_since_contact_ : ticks_since_leader_)]])

# Who stands does not follow a higher term at once (seed 89).
plant(consensus/raft/election.cpp
    [[if (role() != Role::follower || !is_sticky()) adopt_term(term);]]
    [[const bool stands = role() != Role::follower && !IS(higher_term_ignored);
        if (stands || !is_sticky()) adopt_term(term);]])

# Who stops leading forwards repeats unjudged (seed 68).
plant(node/replica.cpp
    [[            settle_unjudged();]]
    [[            if (!IS(unjudged_forgotten)) settle_unjudged();]])

# Who fell silent while up to date is sent nothing (seed 33).
plant(node/replica_older.cpp
    [[if (peer.needs_older) catch_ups_]]
    [[if (peer.needs_older && !IS(silent_laggard_forgotten)) catch_ups_]])

# The seal that lets a block in is in memory alone (seed 851232630132).
plant(node/seal_shelf.cpp
    [[if (std::exchange(each->second.is_written, true)) continue;]]
    [[if (std::exchange(each->second.is_written, true) || IS(expected_seal_not_written)) continue;]])

# A seal that reached the database and not the journal is never said again.
plant(node/replica.cpp
    [[!is_kept) make_up_for_lost_seal();]]
    [[!is_kept && !IS(lost_seal_not_made_up)) make_up_for_lost_seal();]])
