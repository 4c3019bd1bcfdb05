// What a node measures of itself, in Prometheus' words: base units, no label per credential.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace chancery::node {

// Safe on any thread.
class Metrics {
public:
    explicit Metrics(const std::string& version);
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    struct Ledger {
        std::uint64_t height = 0;
        std::uint64_t size = 0;
        std::uint64_t sealed_s = 0;  // Of the newest checkpoint.
        std::uint32_t cosigners = 0;
    };
    void published(const Ledger& ledger);
    void block_sealed(double seconds);  // From proposed to published, where it was proposed.
    void batch_answered(std::string_view outcome);  // sealed, repeated, refused, unavailable
    void journal_turn(double seconds, std::uint64_t syncs_total);
    void term(std::uint64_t term, bool is_leader);
    void scrubbed(std::uint64_t entries, std::uint64_t findings);
    void disk_free(std::uint64_t bytes);
    void evidence(std::size_t files);

    std::string text() const;

private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace chancery::node
