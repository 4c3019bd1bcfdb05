// A network under load that goes through something and must come out whole.
#pragma once

#include <cstdio>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "tests/cluster/writers.h"
#include "tests/support/eventually.h"

namespace chancery::test {

// All nodes are ready and clients submit once it is made; ok() says whether that came about.
class Trial {
public:
    explicit Trial(const Cluster::Options& options) : cluster(options) {
        cluster.start_all();
        is_begun_ = static_cast<bool>(cluster.is_ready());
        writers.emplace(cluster, clients);
        is_begun_ = is_begun_ && goes_on();
    }

    bool is_begun() const { return is_begun_; }

    // `act` happens, and clients are answered all the same.
    void endures(const std::string& what,
                 const std::function<void()>& act,
                 std::uint64_t more = 20) {
        writers->forget_gap();
        act();
        EXPECT_TRUE(goes_on(more)) << what;
        print_gap(what);
    }
    void print_gap(const std::string& what) const {
        std::printf("%s: at most %lld ms from one answer to the next\n",
                    what.c_str(),
                    static_cast<long long>(writers->longest_gap().count()));
    }
    // Clients get so many more answers.
    bool goes_on(std::uint64_t more = 20) const {
        const std::uint64_t before = writers->answered();
        return eventually([&] { return writers->answered() >= before + more; });
    }
    // Nothing is wrong any more: every node takes writes, all show one root, and each answer stands
    // at each of them, where it was said to stand.
    void expect_whole() {
        ASSERT_TRUE(cluster.is_ready());
        ASSERT_TRUE(goes_on(10));
        writers->stop();
        EXPECT_TRUE(cluster.agree());
        EXPECT_TRUE(writers->all_stand());
    }

    Cluster cluster;
    std::optional<Writers> writers;

private:
    static constexpr std::uint32_t clients = 4;
    bool is_begun_ = false;
};

}  // namespace chancery::test
