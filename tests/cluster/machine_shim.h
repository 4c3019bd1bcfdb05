// The test's end of a node's machine: the mapped file, and what the node is started with.
#pragma once

#include <map>
#include <new>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "crypto/base/check.h"
#include "tests/cluster/machine_faults.h"

namespace chancery::test {

class MachineShim {
public:
    // `path`: where the mapped file is made; `data`: the node's data directory.
    MachineShim(std::string path, std::string data)
        : path_(std::move(path)), data_(std::move(data)) {
        const int file = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        CHECK(file >= 0 && ::ftruncate(file, sizeof(MachineFaults)) == 0);
        void* const place =
            ::mmap(nullptr, sizeof(MachineFaults), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        CHECK(place != MAP_FAILED);
        ::close(file);
        faults_ = new (place) MachineFaults;
    }
    ~MachineShim() { ::munmap(faults_, sizeof(MachineFaults)); }
    MachineShim(const MachineShim&) = delete;
    MachineShim& operator=(const MachineShim&) = delete;

    // Nothing is wrong at first; stays as it is when the node starts anew.
    MachineFaults& faults() { return *faults_; }

    std::map<std::string, std::string> environment() const {
        return {{"LD_PRELOAD", CHANCERY_SHIM}, {faults_variable, path_}, {data_variable, data_}};
    }

private:
    std::string path_;
    std::string data_;
    MachineFaults* faults_ = nullptr;
};

}  // namespace chancery::test
