// One credential in several containers: the same verdict, the same commands, and no confusion.
#include "crypto/image/png.h"
#include "crypto/json/canonical.h"
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

using test::Words;
namespace fs = std::filesystem;

class Badges : public test::SandboxTest {
protected:
    void SetUp() override {
        folder.write("plain.png", image::png_of({.width = 1, .are_black = {true}}, 8));
        folder.write("plain.svg",
                     "<svg xmlns=\"http://www.w3.org/2000/svg\"><circle r=\"4\"/></svg>");
    }
    // The credential of a registered file in both kinds of image, beside it.
    void bake(const std::string& stem) const {
        for (const std::string ending : {".png", ".svg"}) {
            const auto baked = chancery({"badge",
                                         "bake",
                                         stem + ".json",
                                         "--image",
                                         "plain" + ending,
                                         "--out",
                                         stem + ending});
            ASSERT_EQ(baked.status, 0) << baked.err;
            EXPECT_EQ(baked.out, stem + ending + "\n");
        }
    }
    json::Value judged(const std::string& file) const {
        return document({"verify", file, "--offline"});
    }
    std::string verdict(const std::string& file) const {
        const json::Value said = judged(file);
        const json::Value* found = said.find("verdict");
        return found == nullptr ? "" : *found->as_string();
    }
    void expect_refused(const Words& words, const std::string& says) const {
        const auto refused = chancery(words);
        EXPECT_EQ(refused.status, 2) << testing::PrintToString(words) << refused.out;
        EXPECT_NE(refused.err.find(says), std::string::npos) << refused.err;
    }
};

TEST_F(Badges, HaveOneVerdictWhateverTheyTravelIn) {
    issue("ana.json");
    bake("ana");
    const json::Value wanted = judged("ana.json");
    EXPECT_EQ(verdict("ana.json"), "valid");
    EXPECT_EQ(judged("ana.png"), wanted);
    EXPECT_EQ(judged("ana.svg"), wanted);
    EXPECT_EQ(chancery({"verify", "ana.png"}).status, 0);

    // What becomes of one becomes of all, and the status beside them follows.
    ASSERT_EQ(chancery({"suspend", "ana.png"}).status, 0);
    for (const std::string file : {"ana.json", "ana.png", "ana.svg"})
        EXPECT_EQ(verdict(file), "suspended") << file;
    ASSERT_EQ(chancery({"revoke", "ana.svg"}).status, 0);
    for (const std::string file : {"ana.json", "ana.png", "ana.svg"})
        EXPECT_EQ(verdict(file), "revoked") << file;
}

TEST_F(Badges, AlteredOnesAreFoundOutInsideTheirImagesToo) {
    issue("ana.json");
    json::Value document = *json::parse(folder.read("ana.json"));
    document.set("name", "another");
    folder.write("ana.json", json::pretty(document));
    fs::remove(folder / "ana.tlog-proof");
    bake("ana");
    for (const std::string file : {"ana.json", "ana.png", "ana.svg"})
        EXPECT_EQ(verdict(file), "altered") << file;
}

TEST_F(Badges, AReceiptBesideTheImageIsAsGoodAsOneInside) {
    write_document("ana.json", "beside");
    bake("ana");
    EXPECT_EQ(verdict("ana.png"), "cannot tell");
    ASSERT_EQ(chancery({"issue", "one", "ana.json"}).status, 0);
    for (const std::string file : {"ana.png", "ana.svg"})
        EXPECT_EQ(verdict(file), "valid") << file;
    // Baked once more it stands alone.
    bake("ana");
    fs::remove(folder / "ana.tlog-proof");
    for (const std::string file : {"ana.png", "ana.svg"})
        EXPECT_EQ(verdict(file), "valid") << file;
}

TEST_F(Badges, ProofsAreRenewedInsideTheImage) {
    issue("ana.json");
    bake("ana");
    const std::string before = folder.read("ana.svg");
    issue("other.json");
    fs::remove(folder / "ana.tlog-proof");
    fs::remove(folder / "ana.status.json");
    ASSERT_EQ(chancery({"proof", "get", "ana.svg"}).out, "ana.tlog-proof\nana.status.json\n");
    EXPECT_NE(folder.read("ana.svg"), before);
    EXPECT_TRUE(folder.read("ana.svg").ends_with("<circle r=\"4\"/></svg>"));
    fs::remove(folder / "ana.tlog-proof");
    EXPECT_EQ(verdict("ana.svg"), "valid");
}

TEST_F(Badges, AnImageIsRegisteredAndStaysAnImage) {
    write_document("ana.json", "image");
    bake("ana");
    const auto both = chancery({"issue", "batch", "ana.json", "ana.png"});
    EXPECT_EQ(both.status, 10) << both.out;
    EXPECT_NE(both.err.find("another document goes to"), std::string::npos) << both.err;
    fs::remove(folder / "ana.tlog-proof");
    ASSERT_EQ(chancery({"issue", "one", "ana.svg"}).status, 0);
    EXPECT_TRUE(folder.read("ana.svg").starts_with("<svg"));
    fs::remove(folder / "ana.tlog-proof");
    EXPECT_EQ(verdict("ana.svg"), "valid");
}

TEST_F(Badges, WhatWasPutInComesOutAgain) {
    issue("ana.json");
    bake("ana");
    for (const std::string file : {"ana.json", "ana.png"}) {
        ASSERT_EQ(chancery({"badge", "extract", file, "--out", "out.json"}).status, 0);
        EXPECT_EQ(folder.read("out.json"), folder.read("ana.json"));
        EXPECT_EQ(chancery({"badge", "extract", file}).out, folder.read("ana.json"));
    }
    const json::Value told = document({"badge", "extract", "ana.svg"});
    EXPECT_EQ(*told.find("container")->as_string(), "svg");
}

TEST_F(Badges, DamagedImagesAreRefusedWithTheReason) {
    issue("ana.json");
    bake("ana");
    const std::string png = folder.read("ana.png");
    std::string flipped = png;
    flipped[300] = static_cast<char>(flipped[300] ^ 1);
    folder.write("flipped.png", flipped);
    folder.write("cut.png", png.substr(0, png.size() - 5));
    folder.write("cut.svg", folder.read("ana.svg").substr(0, 200));
    folder.write("photo.jpg", "\xff\xd8\xff\xe0 a photo");
    for (const Words& command : {Words{"verify"}, Words{"revoke"}, Words{"badge", "extract"}}) {
        for (const auto& [file, says] : std::map<std::string, std::string>{
                 {"flipped.png", "flipped.png: PNG chunk iTXt: CRC does not match"},
                 {"cut.png", "cut.png: PNG ends within a chunk"},
                 {"plain.png", "plain.png: PNG carries 0 credentials, want 1"},
                 {"plain.svg", "plain.svg: SVG carries 0 credentials, want 1"},
                 {"cut.svg", "cut.svg: XML, byte "}}) {
            Words words = command;
            words.push_back(file);
            expect_refused(words, says);
        }
    }
    expect_refused({"badge", "bake", "ana.json", "--image", "photo.jpg", "--out", "o"},
                   "photo.jpg: is neither a PNG nor an SVG image");
    expect_refused({"badge", "bake", "ana.json", "--image", "plain.png"}, "--out is missing");
    expect_refused({"badge", "bake", "ana.json", "--out", "o"}, "--image is missing");
    EXPECT_FALSE(fs::exists(folder / "o"));
}

// The blocks below were read with zbarimg.
TEST_F(Badges, AQrCodeIsDrawnOfAnAddress) {
    const std::string code =
        "█████████████████████████████\n"
        "█████████████████████████████\n"
        "████ ▄▄▄▄▄ █▀▀▄▄ █ ▄▄▄▄▄ ████\n"
        "████ █   █ ██▄▄█▄█ █   █ ████\n"
        "████ █▄▄▄█ █▄▄██ █ █▄▄▄█ ████\n"
        "████▄▄▄▄▄▄▄█▄█ ▀ █▄▄▄▄▄▄▄████\n"
        "████ ▀▄▀▄█▄▀█  ▄██▀▀ ██▄▀████\n"
        "████ ▀ ▀▄▀▄▀██ █▄▄██ █▄ ▄████\n"
        "██████▄▄█▄▄█ ▄▄▀▄▀█ ▀▄█▀▀████\n"
        "████ ▄▄▄▄▄ ████ ▀ ▄▀ █▄▄ ████\n"
        "████ █   █ █▄▀█ ██▀█▀ █▀█████\n"
        "████ █▄▄▄█ █▄█▄▀ ███ █▄▀▄████\n"
        "████▄▄▄▄▄▄▄█▄███▄███▄▄█▄▄████\n"
        "█████████████████████████████\n"
        "▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀\n";
    EXPECT_EQ(chancery({"badge", "qr", "https://a.b"}).out, code);
    folder.write("a.json", "{\"id\":\"https://a.b\"}");
    EXPECT_EQ(chancery({"badge", "qr", "a.json"}).out, code);
    for (const std::string file : {"qr.png", "qr.svg"}) {
        ASSERT_EQ(chancery({"badge", "qr", "https://a.b", "--out", file}).status, 0);
        // It is an image like others.
        const auto baked =
            chancery({"badge", "bake", "a.json", "--image", file, "--out", "baked-" + file});
        EXPECT_EQ(baked.status, 0) << baked.err;
    }
    EXPECT_TRUE(folder.read("qr.svg").find("viewBox=\"0 0 290 290\"") != std::string::npos);
    folder.write("urn.json", "{\"id\":\"urn:uuid:1\"}");
    expect_refused({"badge", "qr", "urn.json"}, "its id is no web address");
    expect_refused({"badge", "qr", "https://a.b", "--out", "qr.gif"}, "ends in .svg or .png");
}

TEST_F(Badges, ALinkFillsInAProfile) {
    folder.write("a.json",
                 R"({"id":"https://a.b/c?d=e","name":"other","issuer":{"id":"x","name":"Uni & A"},
                     "credentialSubject":{"achievement":{"name":"Größe 100%"}},
                     "validFrom":"2026-03-01T00:00:00Z","validUntil":"2029-12-31T23:59:59+02:00"})");
    EXPECT_EQ(chancery({"badge", "link", "a.json"}).out,
              "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME"
              "&name=Gr%C3%B6%C3%9Fe%20100%25&organizationName=Uni%20%26%20A"
              "&issueYear=2026&issueMonth=3&expirationYear=2029&expirationMonth=12"
              "&certId=https%3A%2F%2Fa.b%2Fc%3Fd%3De&certUrl=https%3A%2F%2Fa.b%2Fc%3Fd%3De\n");
    folder.write("b.json", R"({"name":"n","awardedDate":"2026-11-22T09:30:00Z"})");
    EXPECT_EQ(chancery({"badge", "link", "b.json", "--url", "http://x/y"}).out,
              "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME&name=n"
              "&issueYear=2026&issueMonth=11&certUrl=http%3A%2F%2Fx%2Fy\n");
    folder.write("c.json", R"({"id":"https://a.b"})");
    expect_refused({"badge", "link", "c.json"}, "c.json: the document has no name");
    folder.write("d.json", R"({"name":"n","validFrom":"yesterday"})");
    expect_refused({"badge", "link", "d.json"}, "d.json: its issue date: ");
    expect_refused({"badge", "link", "b.json", "--url", "x.example"}, "--url: want a web address");
}

}  // namespace
}  // namespace chancery
