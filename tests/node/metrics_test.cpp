#include "node/metrics.h"

#include <map>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "rpc/http_client.h"
#include "tests/support/one_node.h"
#include "tests/support/vectors.h"

namespace chancery::node {
namespace {

// What a stranger's scraper sees: the text exposition format, version 0.0.4.
struct Exposition {
    struct Sample {
        std::string name;
        std::string labels;  // As written, without the braces.
        double value = 0;
    };
    std::map<std::string, std::string> helps;  // By family.
    std::map<std::string, std::string> types;
    std::vector<Sample> samples;
};

// The family that a sample's name belongs to: a histogram's samples have endings of their own.
std::string family_of(const Exposition& text, const std::string& name) {
    if (text.types.contains(name)) return name;
    for (const std::string_view ending : {"_bucket", "_sum", "_count"}) {
        if (!name.ends_with(ending)) continue;
        const std::string family = name.substr(0, name.size() - ending.size());
        const auto type = text.types.find(family);
        if (type != text.types.end() && type->second == "histogram") return family;
    }
    return {};
}

void read_comment(const std::string& line, Exposition& text) {
    static const std::regex form("# (HELP|TYPE) ([a-z_]+) (.+)");
    std::smatch parts;
    ASSERT_TRUE(std::regex_match(line, parts, form)) << line;
    auto& family = parts[1] == "HELP" ? text.helps : text.types;
    EXPECT_TRUE(family.emplace(parts[2], parts[3]).second) << "twice: " << line;
}

// Line by line, so that a family's HELP and TYPE must stand before its first sample.
void read_sample(const std::string& line, Exposition& text) {
    static const std::regex form(
        R"re(([a-z_]+)(?:\{((?:[a-z]+="[^"\\\n]*",?)+)\})? ([-+]?[0-9][0-9.e+-]*|[+]Inf))re");
    std::smatch parts;
    ASSERT_TRUE(std::regex_match(line, parts, form)) << line;
    const std::string family = family_of(text, parts[1]);
    EXPECT_TRUE(text.types.contains(family)) << "no TYPE before " << line;
    EXPECT_TRUE(text.helps.contains(family)) << "no HELP before " << line;
    text.samples.push_back({parts[1], parts[2], std::stod(parts[3])});
}

Exposition read(const std::string& bytes) {
    Exposition text;
    EXPECT_TRUE(bytes.ends_with('\n'));
    for (const std::string& line : test::lines_of(bytes)) {
        if (line.starts_with('#')) {
            read_comment(line, text);
        } else {
            read_sample(line, text);
        }
    }
    return text;
}

// After everything that a node ever tells it.
std::string full_text() {
    Metrics metrics("0.1.0");
    metrics.published(
        {.height = 7, .size = 4'000'000'000, .sealed_s = 1'767'225'600, .cosigners = 3});
    for (const double seconds : {0.0001, 0.004, 0.3, 60.0})
        metrics.block_sealed(seconds);
    for (const char* outcome : {"sealed", "repeated", "refused", "unavailable", "sealed"})
        metrics.batch_answered(outcome);
    metrics.journal_turn(0.002, 12);
    metrics.term(4, true);
    metrics.scrubbed(100, 0);
    metrics.disk_free(1ULL << 40);
    return metrics.text();
}

double value_of(const Exposition& text, const std::string& name, const std::string& labels = {}) {
    for (const Exposition::Sample& sample : text.samples)
        if (sample.name == name && sample.labels == labels) return sample.value;
    ADD_FAILURE() << "no sample " << name << "{" << labels << "}";
    return -1;
}

TEST(Metrics, EveryLineIsACommentOrASampleOfAFamilyNamedBefore) {
    const Exposition text = read(full_text());
    EXPECT_GE(text.types.size(), 14U);
    EXPECT_EQ(text.types.size(), text.helps.size());
    std::set<std::string> sampled;
    for (const Exposition::Sample& sample : text.samples)
        sampled.insert(family_of(text, sample.name));
    EXPECT_EQ(sampled.size(), text.types.size());
}

TEST(Metrics, NoSeriesOccursTwice) {
    std::set<std::string> series;
    for (const Exposition::Sample& sample : read(full_text()).samples)
        EXPECT_TRUE(series.insert(sample.name + "{" + sample.labels + "}").second) << sample.name;
}

TEST(Metrics, SayHowMuchMemoryIsUsed) {
    const double resident = value_of(read(full_text()), "process_resident_memory_bytes");
    EXPECT_GT(resident, 1 << 20);
    EXPECT_LT(resident, 1e12);
}

TEST(Metrics, NamesSayWhoseAndWhatKind) {
    for (const auto& [name, type] : read(full_text()).types) {
        EXPECT_TRUE(name.starts_with("chancery_") || name.starts_with("process_")) << name;
        EXPECT_TRUE(type == "gauge" || type == "counter" || type == "histogram") << type;
        EXPECT_EQ(name.ends_with("_total"), type == "counter") << name;
        EXPECT_EQ(name.ends_with("_seconds") && !name.ends_with("_timestamp_seconds"),
                  type == "histogram")
            << name;
    }
}

// Nothing of a person, a credential or a caller becomes a series: these labels and values are all.
TEST(Metrics, LabelsAreOfAClosedSet) {
    const std::regex allowed(
        R"re(|version="0\.1\.0"|outcome="(sealed|repeated|refused|unavailable)"|le="([0-9.]+|[+]Inf)")re");
    for (const Exposition::Sample& sample : read(full_text()).samples)
        EXPECT_TRUE(std::regex_match(sample.labels, allowed)) << sample.labels;
}

TEST(Metrics, HistogramsCountUpwardsToAll) {
    const Exposition text = read(full_text());
    const std::string bucket = "chancery_seal_duration_seconds_bucket";
    double before = 0;
    for (const Exposition::Sample& sample : text.samples) {
        if (sample.name != bucket) continue;
        EXPECT_GE(sample.value, before) << sample.labels;
        before = sample.value;
    }
    EXPECT_EQ(value_of(text, bucket, "le=\"0.005\""), 2);
    EXPECT_EQ(value_of(text, bucket, "le=\"+Inf\""), 4);
    EXPECT_EQ(value_of(text, "chancery_seal_duration_seconds_count"), 4);
}

TEST(Metrics, GivesWhatItWasTold) {
    const Exposition text = read(full_text());
    EXPECT_EQ(value_of(text, "chancery_ledger_entries"), 4e9);
    EXPECT_EQ(value_of(text, "chancery_batches_total", "outcome=\"sealed\""), 2);
    EXPECT_EQ(value_of(text, "chancery_raft_is_leader"), 1);
    EXPECT_EQ(value_of(text, "chancery_build_info", "version=\"0.1.0\""), 1);
}

// A rate over a series that first appears with its first event misses that event.
TEST(Metrics, EveryOutcomeIsThereFromTheStart) {
    const Exposition text = read(Metrics("0.1.0").text());
    for (const char* outcome : {"sealed", "repeated", "refused", "unavailable"}) {
        const std::string label = std::string("outcome=\"") + outcome + "\"";
        EXPECT_EQ(value_of(text, "chancery_batches_total", label), 0);
    }
}

// What the operators' address of a running node answers.
Exposition metrics_of(const test::OneNode& node) {
    static const std::regex admin(R"re(\[admin\]\nlisten = "([^"]+)")re");
    const std::string config = test::read_file(node.config());
    std::smatch listen;
    CHECK(std::regex_search(config, listen, admin));
    auto client = rpc::HttpClient::to(rpc::parse_url("http://" + listen[1].str()).value());
    CHECK(client);
    const auto answer = client->get("/metrics");
    CHECK(answer && answer->status == 200);
    EXPECT_TRUE(answer->field("Content-Type").starts_with("text/plain; version=0.0.4"));
    return read(answer->body);
}

TEST(Metrics, ARunningNodeCountsWhatItSeals) {
    const test::ScratchFolder scratch;
    const test::OneNode node(scratch / "one");
    cli::Process process = node.running_node();
    node.write_documents("docs", 0, 3);
    ASSERT_EQ(node.issue("docs", 1).status, 0);
    const Exposition text = metrics_of(node);
    const double height = value_of(text, "chancery_ledger_height");
    EXPECT_GE(height, 3);
    EXPECT_EQ(value_of(text, "chancery_seal_duration_seconds_count"), height);
    EXPECT_LT(value_of(text, "chancery_seal_duration_seconds_sum"), height * 60);
    EXPECT_EQ(value_of(text, "chancery_batches_total", "outcome=\"sealed\""), 3);
    EXPECT_EQ(process.stop(), 0);
}

}  // namespace
}  // namespace chancery::node
