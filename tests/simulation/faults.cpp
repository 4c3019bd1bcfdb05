#include "tests/simulation/faults.h"

namespace chancery::simulation {
namespace {

// Up to `most` in some of the networks, none in the others.
auto drawn_with(Random& random) {
    return [&random](std::uint32_t most, std::uint32_t chance = 400'000) {
        return random.chance(chance) ? static_cast<std::uint32_t>(random.between(1, most)) : 0;
    };
}

}  // namespace

Faults draw_faults(Random& random, std::uint32_t nodes) {
    Faults faults;
    const auto some = drawn_with(random);
    const auto one_of_them = [&random, nodes](std::uint32_t chance) {
        const auto node = static_cast<std::uint32_t>(random.between(1, nodes));
        return random.chance(chance) ? node : 0;
    };
    faults.drop = some(200'000);
    faults.duplicate = some(200'000);
    faults.replay = some(100'000);
    faults.lose_seal = some(300'000, 100'000);
    faults.cut_link = some(20'000);
    faults.flap = some(10'000);
    faults.isolate = some(15'000);
    faults.split = some(5'000);
    faults.delay_max = random.chance(500'000) ? 1'000 : random.between(1'000, 200'000);
    faults.crash = some(20'000);
    faults.crash_all = some(2'000);
    faults.pause = some(20'000);
    faults.io_error = some(10'000);
    faults.lose_database = some(300'000, 200'000);
    faults.roll_back = some(500'000, 200'000);
    faults.disk_max = random.chance(500'000) ? 1'000 : random.between(1'000, 300'000);
    faults.slow_disk = one_of_them(200'000);
    faults.clock_off_ms = random.chance(700'000) ? 0 : 20'000;
    faults.clock_jump = some(5'000, 200'000);
    faults.wrong_claims = one_of_them(100'000);
    return faults;
}

Faults draw_harsh_faults(Random& random, std::uint32_t nodes) {
    Faults faults;
    const auto some = drawn_with(random);
    faults.cut_link = some(80'000, 600'000);
    faults.isolate = some(30'000, 400'000);
    faults.crash = some(50'000, 900'000);
    faults.crash_all = some(5'000, 200'000);
    faults.pause = some(20'000, 200'000);
    faults.drop = some(300'000, 400'000);
    faults.lose_seal = some(500'000, 400'000);
    faults.duplicate = some(200'000, 300'000);
    faults.replay = some(100'000, 300'000);
    faults.roll_back = some(500'000, 300'000);
    faults.lose_database = some(500'000, 300'000);
    faults.io_error = some(10'000, 200'000);
    faults.delay_max = random.chance(500'000) ? 3'000 : random.between(1'000, 200'000);
    faults.disk_max = random.chance(300'000) ? 3'000 : random.between(1'000, 500'000);
    faults.slow_disk = some(nodes, 300'000);
    faults.away_max = random.between(500'000, 5'000'000);
    return faults;
}

}  // namespace chancery::simulation
