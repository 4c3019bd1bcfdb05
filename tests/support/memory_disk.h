// A disk in memory that misbehaves on demand: it loses what was not synced, tears writes, fails the
// N-th operation and flips bits; always the same way for the same seed.
//
// Each file has the bytes that a reader sees and those that would survive power loss. Creations,
// renames and removals survive once their directory is synced; before that, crash() keeps some
// first part of them, as a file system's own journal would.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/disk.h"

namespace chancery::test {

class MemoryDisk final : public storage::Disk {
public:
    static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

    MemoryDisk() = default;

    Result<std::unique_ptr<storage::File>> open(const std::string& path,
                                                Open how,
                                                bool synced_writes = false) override {
        const auto found = entries_.find(path);
        if (how == Open::existing && found == entries_.end()) return absent(path);
        if (how == Open::create_new) {
            if (found != entries_.end()) return Error{Errc::conflict, path + ": is there already"};
            if (auto done = operate(path); !done) return done.error();
            entries_[path] = std::make_shared<Inode>();
            pending_.push_back({directory_of(path), std::nullopt, path, entries_[path]});
        }
        return std::unique_ptr<storage::File>(
            std::make_unique<OpenFile>(*this, entries_[path], path, synced_writes));
    }

    Result<void> rename(const std::string& from, const std::string& to) override {
        const auto found = entries_.find(from);
        if (found == entries_.end()) return absent(from);
        if (auto done = operate(from); !done) return done;
        const auto inode = found->second;
        entries_.erase(found);
        entries_[to] = inode;
        pending_.push_back({directory_of(to), from, to, inode});
        return {};
    }

    Result<void> remove(const std::string& path) override {
        if (entries_.count(path) == 0) return absent(path);
        if (auto done = operate(path); !done) return done;
        entries_.erase(path);
        pending_.push_back({directory_of(path), path, std::nullopt, nullptr});
        return {};
    }

    Result<std::vector<std::string>> list(const std::string& directory) const override {
        std::set<std::string> names;
        const std::string prefix = directory.empty() ? "" : directory + "/";
        const auto add = [&](const std::string& path) {
            if (!path.starts_with(prefix) || path.size() == prefix.size()) return;
            const std::string rest = path.substr(prefix.size());
            names.insert(rest.substr(0, rest.find('/')));
        };
        for (const auto& entry : entries_)
            add(entry.first);
        for (const auto& name : directories_)
            add(name);
        return std::vector<std::string>(names.begin(), names.end());
    }

    Result<void> make_directory(const std::string& directory) override {
        if (auto done = operate(directory); !done) return done;
        if (!directories_.insert(directory).second) {
            return Error{Errc::conflict, directory + ": is there already"};
        }
        return {};
    }

    Result<void> sync_directory(const std::string& directory) override {
        if (auto done = operate(directory); !done) return done;
        std::vector<Change> left;
        for (Change& change : pending_) {
            if (change.directory == directory) {
                make_durable(change);
            } else {
                left.push_back(std::move(change));
            }
        }
        pending_ = std::move(left);
        return {};
    }

    Result<std::uint64_t> free_bytes() const override { return free_bytes_; }
    void set_free_bytes(std::uint64_t bytes) { free_bytes_ = bytes; }

    // Writes, syncs and changes of names so far.
    std::uint64_t operation_count() const { return operations_; }
    std::uint64_t sync_count() const { return syncs_; }
    // The operation of that number (from 0) and all after it fail: the moment of a crash.
    void halt_at(std::uint64_t operation) { halt_at_ = operation; }
    // The operation of that number fails, those after it do not.
    void fail_once_at(std::uint64_t operation) { fail_at_ = operation; }

    // Power loss: each 512-byte sector, or each 4 KiB, that was written and not synced is there or
    // not, by the seed. Everything opened before is dead.
    void crash(std::uint64_t seed, std::size_t sector_bytes = 512) {
        random_ = seed;
        const std::size_t kept =
            pending_.empty() ? 0 : static_cast<std::size_t>(next() % (pending_.size() + 1));
        for (std::size_t i = 0; i < kept; ++i)
            make_durable(pending_[i]);
        pending_.clear();
        for (auto& entry : durable_entries_)
            lose_unsynced(*entry.second, sector_bytes);
        restart(durable_entries_);
    }

    // The process ended, the machine did not: all that was written is there.
    void kill() {
        const auto seen = entries_;
        restart(seen);
    }

    // What is stored, unsynced writes included.
    std::unique_ptr<MemoryDisk> copy() const {
        auto twin = std::make_unique<MemoryDisk>();
        for (const auto& entry : entries_) {
            auto inode = std::make_shared<Inode>();
            inode->seen = inode->durable = entry.second->seen;
            twin->entries_[entry.first] = std::move(inode);
        }
        twin->durable_entries_ = twin->entries_;
        twin->directories_ = directories_;
        return twin;
    }

    // The bytes of a file, to be damaged or compared. CHECKs that it is there.
    Bytes& bytes(const std::string& path) {
        const auto found = entries_.find(path);
        CHECK(found != entries_.end());
        return found->second->seen;
    }
    std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& entry : entries_)
            names.push_back(entry.first);
        return names;
    }
    std::map<std::string, Bytes> contents() const {
        std::map<std::string, Bytes> all;
        for (const auto& entry : entries_)
            all[entry.first] = entry.second->seen;
        return all;
    }

private:
    struct Inode {
        Bytes seen;
        Bytes durable;
        std::vector<std::pair<std::uint64_t, std::uint64_t>> unsynced;  // Offset and length.
    };
    using Entries = std::map<std::string, std::shared_ptr<Inode>>;

    struct Change {  // Of names, not durable yet.
        std::string directory;
        std::optional<std::string> from;
        std::optional<std::string> to;
        std::shared_ptr<Inode> inode;
    };

    class OpenFile final : public storage::File {
    public:
        OpenFile(MemoryDisk& disk, std::shared_ptr<Inode> inode, std::string path, bool synced)
            : disk_(disk),
              inode_(std::move(inode)),
              path_(std::move(path)),
              synced_(synced),
              life_(disk.life_) {}

        Result<std::uint64_t> size() const override {
            return static_cast<std::uint64_t>(inode_->seen.size());
        }

        Result<Bytes> read_at(std::uint64_t offset, std::size_t count) const override {
            if (life_ != disk_.life_) return dead();
            if (offset + count > inode_->seen.size()) {
                return Error{Errc::corrupt, path_ + ": ends early"};
            }
            const auto begin = inode_->seen.begin() + static_cast<std::ptrdiff_t>(offset);
            return Bytes(begin, begin + static_cast<std::ptrdiff_t>(count));
        }

        Result<void> write_at(std::uint64_t offset, ByteView written) override {
            if (life_ != disk_.life_) return dead();
            const auto done = disk_.operate(path_);
            // A write that is cut short by the crash may still have reached the disk in part.
            if (done || disk_.halt_is_now()) put(offset, written);
            if (!done) return done;
            if (synced_) harden();
            return {};
        }

        Result<void> sync() override {
            if (life_ != disk_.life_) return dead();
            if (auto done = disk_.operate(path_); !done) return done;
            ++disk_.syncs_;
            harden();
            return {};
        }

    private:
        Error dead() const { return Error{Errc::io, path_ + ": opened before the crash"}; }

        void put(std::uint64_t offset, ByteView written) {
            if (inode_->seen.size() < offset + written.size()) {
                inode_->seen.resize(offset + written.size());
            }
            std::ranges::copy(written, inode_->seen.begin() + static_cast<std::ptrdiff_t>(offset));
            inode_->unsynced.emplace_back(offset, written.size());
        }

        void harden() {
            inode_->durable.resize(inode_->seen.size());
            for (const auto& [offset, length] : inode_->unsynced) {
                const auto from = inode_->seen.begin() + static_cast<std::ptrdiff_t>(offset);
                std::copy_n(
                    from, length, inode_->durable.begin() + static_cast<std::ptrdiff_t>(offset));
            }
            inode_->unsynced.clear();
        }

        MemoryDisk& disk_;
        std::shared_ptr<Inode> inode_;
        std::string path_;
        bool synced_;
        std::uint64_t life_;
    };

    static Error absent(const std::string& path) {
        return Error{Errc::not_found, path + ": no such file"};
    }
    static std::string directory_of(const std::string& path) {
        const std::size_t slash = path.rfind('/');
        return slash == std::string::npos ? "" : path.substr(0, slash);
    }

    bool halt_is_now() const { return operations_ == halt_at_ + 1; }

    Result<void> operate(const std::string& path) {
        const std::uint64_t number = operations_++;
        if (number >= halt_at_ || number == fail_at_) {
            return Error{Errc::io, path + ": the disk was told to fail here"};
        }
        return {};
    }

    void make_durable(const Change& change) {
        if (change.from) durable_entries_.erase(*change.from);
        if (change.to) durable_entries_[*change.to] = change.inode;
    }

    void lose_unsynced(Inode& inode, std::size_t sector_bytes) {
        for (const auto& [offset, length] : inode.unsynced) {
            for (std::uint64_t at = offset; at < offset + length;) {
                const std::uint64_t end =
                    std::min(offset + length, (at / sector_bytes + 1) * sector_bytes);
                if (next() % 2 == 0) keep(inode, at, end);
                at = end;
            }
        }
        inode.unsynced.clear();
        inode.seen = inode.durable;
    }

    static void keep(Inode& inode, std::uint64_t begin, std::uint64_t end) {
        if (inode.durable.size() < end) inode.durable.resize(end);
        std::copy(inode.seen.begin() + static_cast<std::ptrdiff_t>(begin),
                  inode.seen.begin() + static_cast<std::ptrdiff_t>(end),
                  inode.durable.begin() + static_cast<std::ptrdiff_t>(begin));
    }

    void restart(Entries entries) {
        entries_ = std::move(entries);
        ++life_;
        halt_at_ = never;
        fail_at_ = never;
    }

    std::uint64_t next() {  // SplitMix64.
        std::uint64_t z = (random_ += 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    Entries entries_;
    Entries durable_entries_;
    std::vector<Change> pending_;
    std::set<std::string> directories_;
    std::uint64_t free_bytes_ = 1ULL << 40;
    std::uint64_t operations_ = 0;
    std::uint64_t syncs_ = 0;
    std::uint64_t halt_at_ = never;
    std::uint64_t fail_at_ = never;
    std::uint64_t life_ = 0;
    std::uint64_t random_ = 0;
};

}  // namespace chancery::test
