// Nothing of a roster reaches a node: neither its files nor its log nor its metrics.
#include <algorithm>
#include <fstream>

#include "crypto/json/canonical.h"
#include "rpc/http_client.h"
#include "rpc/url.h"
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

// Stands in every name, address and identifier of the roster, and nowhere else.
constexpr std::string_view mark = "qjxw";

std::string lower_case(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

std::string bytes_in(const std::filesystem::path& path) {
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    return content.str();
}

struct PersonalData : test::SandboxTest {
    // Files below `below` that hold any of `wanted`.
    static std::vector<std::string> files_with(const std::string& below,
                                               const std::vector<std::string>& wanted) {
        std::vector<std::string> found;
        for (const auto& file : std::filesystem::recursive_directory_iterator(below)) {
            if (!file.is_regular_file()) continue;
            const std::string bytes = lower_case(bytes_in(file.path()));
            if (std::ranges::any_of(wanted, [&](const std::string& one) {
                    return bytes.find(one) != std::string::npos;
                }))
                found.push_back(file.path().string());
        }
        return found;
    }
    std::string metrics() const {
        const json::Value whole = sandbox.genesis();
        const std::string config = sandbox.path() + "/uni-a/node.toml";
        std::string text = bytes_in(config);
        const std::size_t admin = text.find("[admin]");
        const std::size_t begin = text.find("listen = \"", admin) + 10;
        const std::string address = text.substr(begin, text.find('"', begin) - begin);
        auto client = rpc::HttpClient::to(*rpc::parse_url("http://" + address));
        const auto answer = client->get("/metrics");
        EXPECT_TRUE(answer && answer->status == 200) << address;
        return answer ? answer->body : "";
    }
};

TEST_F(PersonalData, StaysOutOfEveryDataDirectoryLogAndMetric) {
    json::Value form = *json::parse(chancery({"issue", "template"}).out);
    form.set("id", "urn:qjxw:{{id}}");
    form.find("credentialSubject")->set("id", "did:example:qjxw-{{id}}");
    folder.write("form.json", json::pretty(form));
    std::string table = "id,recipient,email,valid_from,credits,evidence_url,evidence_name\r\n";
    for (int i = 0; i < 200; ++i) {
        const std::string n = std::to_string(i);
        table += n + ",Qjxw" + n + " Pérez,qjxw" + n + "@example.org,2026-01-01T00:00:00Z,3," +
                 "https://uni-a.example/qjxw/" + n + ",Work of Qjxw" + n + "\r\n";
    }
    folder.write("people.csv", table);
    ASSERT_EQ(chancery({"status-list", "new", "personal"}).status, 0);
    const auto issued = chancery({"issue",
                                  "batch",
                                  "people.csv",
                                  "--template",
                                  "form.json",
                                  "--out",
                                  "o",
                                  "--status-list",
                                  "personal"});
    ASSERT_EQ(issued.status, 0) << issued.err;
    ASSERT_EQ(chancery({"revoke", "o/people-2.json"}).status, 0);
    ASSERT_EQ(chancery({"suspend", "o/people-3.json"}).status, 0);
    ASSERT_EQ(chancery({"verify", "o/people-4.json", "--recipient", "qjxw2@example.org"}).status,
              0);
    const json::Value badge = *json::parse(folder.read("o/people-4.json"));
    const json::Value& identity =
        badge.find("credentialSubject")->find("identifier")->as_array()->front();
    const std::vector<std::string> wanted = {std::string(mark),
                                             identity.find("identityHash")->as_string()->substr(7),
                                             *identity.find("salt")->as_string()};
    // The search finds what is there.
    EXPECT_GE(files_with(folder / "o", wanted).size(), 200U);
    EXPECT_EQ(files_with(sandbox.path() + "/uni-a", wanted), std::vector<std::string>());
    EXPECT_EQ(lower_case(sandbox.said()).find(mark), std::string::npos);
    const std::string shown = metrics();
    EXPECT_NE(shown.find("chancery_"), std::string::npos);
    EXPECT_EQ(lower_case(shown).find(mark), std::string::npos);
}

}  // namespace
}  // namespace chancery
