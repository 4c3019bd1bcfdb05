#include "node/cli/output.h"

#include <gtest/gtest.h>

#include "crypto/json/parse.h"

namespace chancery::cli {
namespace {

TEST(Progress, SaysHowFarHowFastAndHowLong) {
    EXPECT_EQ(progress_text(1'240, 10'000, 1.0), "[1 240/10 000] 1.2k/s ETA 7s");
    EXPECT_EQ(progress_text(0, 10, 3.0), "[0/10]");
    EXPECT_EQ(progress_text(5, 10, 10.0), "[5/10] 0.5/s ETA 10s");
    EXPECT_EQ(progress_text(1, 1'000, 10.0), "[1/1 000] 0.1/s ETA 2h46m");
    EXPECT_EQ(progress_text(10, 10, 1.0), "[10/10] 10/s ETA 0s");
}

TEST(Grouped, PutsBlanksBetweenThousands) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1'000), "1 000");
    EXPECT_EQ(grouped(9'007'199'254'740'991), "9 007 199 254 740 991");
}

TEST(ExitStatus, IsTheOneOfTheTable) {
    EXPECT_EQ(exit_of(Errc::invalid), Exit::usage);
    EXPECT_EQ(exit_of(Errc::forbidden), Exit::not_authorised);
    EXPECT_EQ(exit_of(Errc::not_found), Exit::not_found);
    EXPECT_EQ(exit_of(Errc::conflict), Exit::conflict);
    EXPECT_EQ(exit_of(Errc::unavailable), Exit::unreachable);
    EXPECT_EQ(exit_of(Errc::timeout), Exit::timeout);
    EXPECT_EQ(exit_of(Errc::corrupt), Exit::alarm);
    EXPECT_EQ(exit_of(Errc::io), Exit::disk_failed);
    EXPECT_EQ(exit_of(credential::Headline::valid), Exit::done);
    EXPECT_EQ(exit_of(credential::Headline::cannot_tell), Exit::cannot_tell);
    EXPECT_EQ(exit_of(credential::Headline::not_in_registry), Exit::not_valid);
}

TEST(Output, WritesOneDocumentForAnErrorToo) {
    Output out({.json = true, .quiet = true});
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const Exit status = out.finish(Error{Errc::not_found, "no such thing"});
    const std::string text = testing::internal::GetCapturedStdout();
    EXPECT_NE(testing::internal::GetCapturedStderr().find("no such thing"), std::string::npos);
    EXPECT_EQ(status, Exit::not_found);
    const auto document = json::parse(text);
    ASSERT_TRUE(document) << text;
    EXPECT_EQ(*document->find("v")->as_integer(), 1);
    EXPECT_EQ(*document->find("error")->find("code")->as_string(), "not_found");
    EXPECT_EQ(*document->find("error")->find("exit")->as_integer(), 4);
}

TEST(Output, WritesADocumentEvenForACommandWithoutData) {
    Output out({.json = true});
    testing::internal::CaptureStdout();
    out.line("for people alone");
    EXPECT_EQ(out.finish(Exit::done), Exit::done);
    EXPECT_TRUE(json::parse(testing::internal::GetCapturedStdout()));
}

TEST(Output, PaintsOnlyWhereColourIsWanted) {
    EXPECT_EQ(Output({.colour = false}).paint(Colour::good, "VALID"), "VALID");
    EXPECT_EQ(Output({.colour = true}).paint(Colour::good, "VALID"), "\x1b[32mVALID\x1b[0m");
}

}  // namespace
}  // namespace chancery::cli
