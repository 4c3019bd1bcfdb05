// Runs every tests/scenarios/raft_*.txt and compares what is seen with what the file says.
//
// REWRITE=1 writes what is seen into the files, and fails: a person reads the difference first.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/consensus/raft_script.h"

namespace chancery::raft {
namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<std::string> scenarios() {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(CHANCERY_SCENARIOS)) {
        const std::string name = file.path().stem().string();
        if (name.starts_with("raft_")) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

// The first lines that differ; the whole would hide them.
std::string difference(const std::string& want, const std::string& got) {
    std::istringstream wanted(want);
    std::istringstream seen(got);
    std::string left;
    std::string right;
    for (int line = 1;; ++line) {
        const bool has_left = static_cast<bool>(std::getline(wanted, left));
        const bool has_right = static_cast<bool>(std::getline(seen, right));
        if (!has_left && !has_right) return "";
        if (has_left != has_right || left != right) {
            return "line " + std::to_string(line) + "\n want: " + (has_left ? left : "(end)") +
                   "\n got:  " + (has_right ? right : "(end)");
        }
    }
}

class Scenario : public ::testing::TestWithParam<std::string> {};

TEST_P(Scenario, ShowsWhatItsTextSays) {
    const std::filesystem::path path =
        std::filesystem::path(CHANCERY_SCENARIOS) / (GetParam() + ".txt");
    const std::string want = read(path);
    const std::string got = Script().run(want);

    EXPECT_EQ(got.find("VIOLATION"), std::string::npos) << got;
    if (std::getenv("REWRITE") != nullptr) {  // NOLINT(concurrency-mt-unsafe): one thread.
        std::ofstream(path) << got;
        FAIL() << "rewrote " << path;
    }
    EXPECT_EQ(difference(want, got), "");
}

std::string name_of_case(const ::testing::TestParamInfo<std::string>& scenario) {
    return scenario.param;
}

INSTANTIATE_TEST_SUITE_P(Raft, Scenario, ::testing::ValuesIn(scenarios()), name_of_case);

TEST(Scenarios, AreThere) { EXPECT_GE(scenarios().size(), 20U); }

}  // namespace
}  // namespace chancery::raft
