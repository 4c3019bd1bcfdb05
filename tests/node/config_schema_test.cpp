// network-configs/schema.json and the readers refuse the same, key by key.
#include "tests/support/config_schema.h"

#include <gtest/gtest.h>

#include "crypto/json/canonical.h"
#include "node/cli/network_folder.h"
#include "node/config.h"

namespace chancery {
namespace {

using test::Bad;
using test::changed;
using test::fault_of;
using test::parsed;
using test::schema;

std::string toml_text(const json::Value& value) {
    if (value.as_string() != nullptr) return json::canonical(value);
    if (value.as_array() == nullptr) return json::canonical(value);
    std::string text = "[";
    for (const json::Value& one : *value.as_array())
        text += toml_text(one) + ",";
    return text + "]";
}

// One level of tables and of arrays of tables, as both kinds of file have.
std::string toml_of(const json::Value& document) {
    std::string text;
    std::string below;
    for (const json::Member& member : *document.as_object()) {
        if (const json::Object* table = member.value.as_object()) {
            below += "[" + member.name + "]\n";
            for (const json::Member& inner : *table)
                below += inner.name + " = " + toml_text(inner.value) + "\n";
        } else if (const json::Array* array = member.value.as_array();
                   array != nullptr && !array->empty() && array->front().as_object() != nullptr) {
            for (const json::Value& one : *array) {
                below += "[[" + member.name + "]]\n";
                for (const json::Member& inner : *one.as_object())
                    below += inner.name + " = " + toml_text(inner.value) + "\n";
            }
        } else {
            text += member.name + " = " + toml_text(member.value) + "\n";
        }
    }
    return text + below;
}

json::Value complete_node() {
    return parsed(R"({"node":{"member":"uni-a","genesis":"g.json","data":"data"},
        "keys":{"cosigner":"c","node":"n","log":"l","tls":"t","passphrase_file":"p"},
        "peer":{"listen":"0.0.0.0:7443"},
        "public":{"listen":"[::1]:8443","requests_per_second":0,"requests_burst":1,
                  "writes_per_second":1125899906842624,"writes_burst":1125899906842624,
                  "write_bytes_per_second":0,"write_bytes_burst":1,"exempt_loopback":false,
                  "certificate":"c.pem","key":"k.pem"},
        "admin":{"listen":"127.0.0.1:9464"},
        "log":{"format":"json","level":"debug"},
        "limits":{"pool_bytes":8388608,"disk_free_bytes":0,"connections":60000,
                  "connections_per_address":0,"event_listeners":0,
                  "scrub_entries_per_second":1}})");
}

json::Value complete_network() {
    return parsed(R"({"name":"N","origin":"x.example/n","member":[
        {"slug":"uni-a","name":"A","did":"did:web:a.example","public":"127.0.0.1:1",
         "admin":"[::1]:2","peer":"a.example:7443","peer_listen":"0.0.0.0:7443","url":"https://a.example"}]})");
}

Result<node::LoadedConfig> load_node(const json::Value& document) {
    return node::parse_config(toml_of(document),
                              {.path = "node.toml", .environment = {}, .flags = {}});
}

Result<cli::NetworkPlan> load_network(const json::Value& document) {
    return cli::parse_network_plan(toml_of(document), "network.toml");
}

TEST(ConfigSchema, KnowsTheKeysThatTheNodeKnows) {
    const auto loaded = load_node(complete_node());
    ASSERT_TRUE(loaded) << loaded.error().detail;
    std::set<std::string> known;
    for (const auto& setting : loaded->settings)
        known.insert(setting.first);
    std::set<std::string> described;
    const test::JsonSchema checker(schema());
    for (const json::Member& section : *checker.at("#/$defs/node").find("properties")->as_object())
        for (const json::Member& key : *section.value.find("properties")->as_object())
            described.insert(section.name + "." + key.name);
    EXPECT_EQ(described, known);
}

TEST(ConfigSchema, RefusesWhatTheNodeRefuses) {
    EXPECT_EQ(fault_of(complete_node(), "node"), "");
    const std::vector<Bad> table = {
        {"/node/member", "\"-\""},
        {"/node/member", "\"none\""},
        {"/node/member", "\"Uni A\""},
        {"/node/member", "5"},
        {"/node/genesis", "\"-\""},
        {"/node/genesis", "\"\""},
        {"/node/data", "true"},
        {"/node/port", "1"},
        {"/keys/cosigner", "\"-\""},
        {"/keys/log", "\"\""},
        {"/keys/tls", "\"-\""},
        {"/keys/tls", "\"\""},
        {"/keys/issuer", "\"i\""},
        {"/public/listen", "\"localhost:8443\""},
        {"/public/listen", "\"127.0.0.1\""},
        {"/public/listen", "\"127.0.0.1:65536\""},
        {"/public/listen", "\"127.0.0.1:08\""},
        {"/public/listen", "\"300.0.0.1:80\""},
        {"/public/listen", "\"::1:80\""},
        {"/public/listen", "8443"},
        {"/public/requests_per_second", "-1"},
        {"/public/requests_per_second", "1125899906842625"},
        {"/public/requests_burst", "0"},
        {"/public/writes_per_second", "true"},
        {"/public/writes_burst", "0"},
        {"/public/write_bytes_per_second", "\"16M\""},
        {"/public/write_bytes_burst", "0"},
        {"/public/exempt_loopback", "1"},
        {"/public/exempt_loopback", "\"true\""},
        {"/public/exempt", "true"},
        {"/admin/listen", "\"\""},
        {"/admin/liste", "\"127.0.0.1:1\""},
        {"/peer/listen", "\"peer.example:7443\""},
        {"/peer/listens", "\"127.0.0.1:1\""},
        {"/log/format", "\"xml\""},
        {"/log/level", "3"},
        {"/limits/pool_bytes", "8388607"},
        {"/limits/pool_bytes", "1125899906842625"},
        {"/limits/disk_free_bytes", "-1"},
        {"/limits/connections", "0"},
        {"/limits/connections", "60001"},
        {"/limits/connections", "\"100\""},
        {"/limits/connections_per_address", "60001"},
        {"/limits/connections_per_address", "-1"},
        {"/limits/event_listeners", "60001"},
        {"/limits/connections", "1.5"},
        {"/limits/scrub_entries_per_second", "0"},
        {"/limits/unknown", "1"},
        {"/peers", "{\"listen\":\"127.0.0.1:7443\"}"},
        {"/speed", "1"},
    };
    for (const Bad& bad : table) {
        const json::Value wrong = changed(complete_node(), bad.pointer, parsed(bad.value));
        EXPECT_NE(fault_of(wrong, "node"), "") << bad.pointer << " " << bad.value;
        EXPECT_FALSE(load_node(wrong)) << bad.pointer << " " << bad.value;
    }
}

TEST(ConfigSchema, RefusesWhatTheTemplatesReaderRefuses) {
    EXPECT_EQ(fault_of(complete_network(), "network"), "");
    const auto good = load_network(complete_network());
    ASSERT_TRUE(good) << good.error().detail;
    const std::vector<Bad> table = {
        {"/name", "\"-\""},
        {"/name", "\"\""},
        {"/name", "7"},
        {"/name", "\"" + std::string(201, 'x') + "\""},
        {"/name", "\"a\\u0007b\""},
        {"/origin", "\"-\""},
        {"/origin", "\"a b\""},
        {"/origin", "\"a+b\""},
        {"/quorum", "1"},
        {"/member", "\"-\""},
        {"/member", "[]"},
        {"/member", "[1]"},
        {"/member/0/slug", "\"-\""},
        {"/member/0/slug", "\"../up\""},
        {"/member/0/slug", "\"none\""},
        {"/member/0/name", "\"\""},
        {"/member/0/did", "\"web:a\""},
        {"/member/0/did", "\"did:web:\""},
        {"/member/0/public", "\"a.example:1\""},
        {"/member/0/public", "\"-\""},
        {"/member/0/admin", "\"127.0.0.1:70000\""},
        {"/member/0/peer", "\"a.example\""},
        {"/member/0/peer", "\"a.example:0\""},
        {"/member/0/peer", "\"a.example:65536\""},
        {"/member/0/peer", "\"https://a.example:1\""},
        {"/member/0/peer_listen", "\"a.example:7443\""},
        {"/member/0/peer_listen", "\"0.0.0.0\""},
        {"/member/0/url", "\"a.example\""},
        {"/member/0/url", "\"https://\""},
        {"/member/0/keys", "\"k\""},
    };
    for (const Bad& bad : table) {
        const json::Value wrong = changed(complete_network(), bad.pointer, parsed(bad.value));
        EXPECT_NE(fault_of(wrong, "network"), "") << bad.pointer << " " << bad.value;
        EXPECT_FALSE(load_network(wrong)) << bad.pointer << " " << bad.value;
    }
}

TEST(ConfigSchema, ATemplateNamesEachMemberOnce) {
    json::Value twice = complete_network();
    json::Array& members = *twice.find("member")->as_array();
    members.push_back(members.front());
    const auto plan = load_network(twice);
    ASSERT_FALSE(plan);
    EXPECT_NE(plan.error().detail.find("slug uni-a twice"), std::string::npos);
}

// The one thing that the schema cannot say.
TEST(ConfigSchema, ATemplateWithANameForPeersSaysWhereToListen) {
    const auto plan = load_network(changed(complete_network(), "/member/0/peer_listen", "-"));
    ASSERT_FALSE(plan);
    EXPECT_NE(plan.error().detail.find("want peer_listen too"), std::string::npos)
        << plan.error().detail;
    const json::Value address = changed(complete_network(), "/member/0/peer", "10.0.0.1:7443");
    const auto derived = load_network(changed(address, "/member/0/peer_listen", "-"));
    ASSERT_TRUE(derived) << derived.error().detail;
    EXPECT_EQ(derived->nodes.front().peer_listen, "10.0.0.1:7443");
}

}  // namespace
}  // namespace chancery
