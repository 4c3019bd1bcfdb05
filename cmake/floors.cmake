# How a floor, its tests and the programs are built: one static library and one test program a floor.

# chancery_rooms(<target> <file>...): with CMAKE_UNITY_BUILD each room is compiled as one, which is
# several times faster; so no two files of a room may give a name of their own to different things.
# A large one is compiled in parts of like size, so that all cores have work to the end; in small
# parts headers would be read again and again.
set(CHANCERY_PART_FILES 48 CACHE STRING "Files of a room that are compiled as one, at most")

# Floors that are optimised where nothing else is: what they compute, tests wait for.
set(CHANCERY_OPTIMISED_FLOORS "" CACHE STRING "Floors that are compiled with -O1 whatever else is")

function(chancery_rooms target)
    set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
    foreach(file ${ARGN})
        file(RELATIVE_PATH room ${PROJECT_SOURCE_DIR} ${file})
        cmake_path(GET room PARENT_PATH room)
        string(REPLACE "/" "_" room ${room})
        list(APPEND rooms ${room})
        list(APPEND files_of_${room} ${file})
    endforeach()
    list(REMOVE_DUPLICATES rooms)
    foreach(room ${rooms})
        set(at 0)
        list(LENGTH files_of_${room} count)
        math(EXPR parts "(${count} + ${CHANCERY_PART_FILES} - 1) / ${CHANCERY_PART_FILES}")
        foreach(file ${files_of_${room}})
            math(EXPR part "${at} * ${parts} / ${count}")
            set_source_files_properties(${file} PROPERTIES UNITY_GROUP ${room}_${part})
            math(EXPR at "${at} + 1")
        endforeach()
    endforeach()
endfunction()

# chancery_floor(<folder> DEPENDS ...): every .cpp below the folder, but for the programs' own folders.
function(chancery_floor floor)
    cmake_parse_arguments(arg "" "" "DEPENDS" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${floor}/*.cpp)
    list(FILTER sources EXCLUDE REGEX "/node/(daemon|cli)/")
    if(NOT sources)
        add_library(chancery_${floor} INTERFACE)
        set(scope INTERFACE)
    else()
        add_library(chancery_${floor} STATIC ${sources})
        chancery_rooms(chancery_${floor} ${sources})
        target_link_libraries(chancery_${floor} PRIVATE chancery_warnings)
        if(floor IN_LIST CHANCERY_OPTIMISED_FLOORS)
            target_compile_options(chancery_${floor} PRIVATE -O1)
        endif()
        set(scope PUBLIC)
    endif()
    target_include_directories(chancery_${floor} ${scope} ${PROJECT_SOURCE_DIR})
    target_link_libraries(chancery_${floor} ${scope} ${arg_DEPENDS})
endfunction()

# chancery_program(<name> <folder>): main and its commands, linked against the whole house. All but
# main.cpp is a library of its own, <name>_parts, so that tests reach it too.
function(chancery_program name folder)
    file(GLOB_RECURSE parts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
    list(FILTER parts EXCLUDE REGEX "/main\\.cpp$")
    if(NOT EXISTS ${PROJECT_SOURCE_DIR}/${folder}/main.cpp)
        return()
    endif()
    add_executable(${name} ${PROJECT_SOURCE_DIR}/${folder}/main.cpp)
    target_link_libraries(${name} PRIVATE chancery_node chancery_warnings)
    target_compile_definitions(${name} PRIVATE CHANCERY_VERSION="${PROJECT_VERSION}")
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
    if(parts)
        add_library(${name}_parts STATIC ${parts})
        chancery_rooms(${name}_parts ${parts})
        target_link_libraries(${name}_parts PUBLIC chancery_node PRIVATE CLI11::CLI11 chancery_warnings)
        target_compile_definitions(${name}_parts PRIVATE CHANCERY_VERSION="${PROJECT_VERSION}")
        target_link_libraries(${name} PRIVATE ${name}_parts)
    endif()
endfunction()

# chancery_tests(<name> <library>...): <name>_test of tests/<name>/, one test of that name. A floor's
# links that floor and those below, so an upward call fails to link.
function(chancery_tests name)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${name}/*.cpp)
    list(FILTER sources EXCLUDE REGEX "_shim\\.cpp$")
    add_executable(${name}_test ${sources})
    chancery_rooms(${name}_test ${sources})
    target_link_libraries(${name}_test PRIVATE
        ${ARGN} GTest::gmock GTest::gtest_main chancery_warnings)
    target_compile_definitions(${name}_test PRIVATE
        CHANCERY_VECTORS="${PROJECT_SOURCE_DIR}/tests/vectors"
        CHANCERY_SCENARIOS="${PROJECT_SOURCE_DIR}/tests/scenarios"
        CHANCERY_SOURCE="${PROJECT_SOURCE_DIR}"
        CHANCERY_BIN="${PROJECT_BINARY_DIR}/bin")
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES TIMEOUT 1800)
endfunction()

# chancery_program_tests(<name> <cost> <library>...): tests that run the programs.
function(chancery_program_tests name cost)
    chancery_tests(${name} chancery_parts chanceryd_parts ${ARGN})
    add_dependencies(${name}_test chancery chanceryd)
    set_tests_properties(${name} PROPERTIES COST ${cost})  # The longest begins first.
endfunction()

function(chancery_node_tests)
    chancery_program_tests(node 1000 chancery_simulation)
    if(CHANCERY_SWARM)
        add_dependencies(node_test chancery-simulate-planted)
        target_compile_definitions(node_test PRIVATE CHANCERY_SWARM)
    endif()
endfunction()

function(chancery_architecture_test)
    if(EXISTS ${PROJECT_SOURCE_DIR}/tests/architecture_test.cpp)
        add_executable(architecture_test ${PROJECT_SOURCE_DIR}/tests/architecture_test.cpp)
        target_link_libraries(architecture_test PRIVATE GTest::gtest_main chancery_warnings)
        target_compile_definitions(architecture_test PRIVATE
            CHANCERY_SOURCE="${PROJECT_SOURCE_DIR}")
        add_test(NAME architecture COMMAND architecture_test)
    endif()
endfunction()

# One program for each tests/fuzz/*_fuzz.cpp; its seeds lie in tests/fuzz/corpus/<name>_fuzz/.
function(chancery_fuzz_targets)
    add_custom_target(fuzz_targets)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/fuzz/*_fuzz.cpp)
    foreach(source ${sources})
        get_filename_component(name ${source} NAME_WE)
        add_executable(${name} ${source})
        target_link_libraries(${name} PRIVATE chancery_node chancery_warnings)
        file(STRINGS ${source} reads_for_the_cli REGEX "#include \"node/cli/")
        if(reads_for_the_cli)
            target_link_libraries(${name} PRIVATE chancery_parts)
        endif()
        target_link_options(${name} PRIVATE -fsanitize=fuzzer)
        add_dependencies(fuzz_targets ${name})
        set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
    endforeach()
endfunction()

function(chancery_benchmarks)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/bench/*.cpp)
    if(sources)
        add_executable(chancery-bench ${sources})
        target_link_libraries(chancery-bench PRIVATE
            chancery_node benchmark::benchmark CLI11::CLI11 chancery_warnings)
        set_target_properties(chancery-bench PROPERTIES
            RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
        pkg_check_modules(GRPC IMPORTED_TARGET grpc++)
        if(GRPC_FOUND)  # To measure etcd by the same program.
            chancery_protobuf(chancery_etcd_proto tests/bench/etcd/kv.proto)
            target_sources(chancery-bench PRIVATE
                ${PROJECT_SOURCE_DIR}/tests/bench/etcd/load.cpp)
            target_compile_definitions(chancery-bench PRIVATE CHANCERY_BENCH_ETCD)
            target_link_libraries(chancery-bench PRIVATE chancery_etcd_proto PkgConfig::GRPC)
        endif()
    endif()
endfunction()

# Whole networks in one thread: a library, so that tests run a few seeds, and programs for many.
#     chancery-simulate           cheap keys, for swarms
#     chancery-simulate-real      the real keys
#     chancery-simulate-planted   cheap keys, and the planted bugs
# A room that stands in for another is linked before it and defines all that it does, so that
# nothing of the other is taken from the floor's library.
function(chancery_simulator)
    set(folder ${PROJECT_SOURCE_DIR}/tests/simulation)
    file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
    list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
    add_library(chancery_simulation STATIC ${sources})
    chancery_rooms(chancery_simulation ${sources})
    target_link_libraries(chancery_simulation PUBLIC chancery_node PRIVATE chancery_warnings)
    if(NOT CHANCERY_SWARM)
        return()
    endif()

    file(GLOB keys CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/crypto/keys/*.cpp)
    list(FILTER keys EXCLUDE REGEX "/(ed25519|member_key)\\.cpp$")
    add_library(chancery_cheap_keys OBJECT ${keys} ${folder}/swarm/cheap_keys.cpp)
    include(${folder}/planted/planted.cmake)
    write_planted(rooms)
    add_library(chancery_planted OBJECT ${rooms})
    chancery_rooms(chancery_planted ${rooms})
    add_library(chancery_simulate OBJECT ${folder}/main.cpp)
    target_link_libraries(chancery_simulate PRIVATE CLI11::CLI11)
    foreach(stand_in chancery_cheap_keys chancery_planted chancery_simulate)
        target_link_libraries(${stand_in} PRIVATE chancery_node chancery_warnings)
    endforeach()

    set(cheap $<TARGET_OBJECTS:chancery_cheap_keys>)
    chancery_simulator_program(chancery-simulate-real)
    chancery_simulator_program(chancery-simulate ${cheap})
    chancery_simulator_program(chancery-simulate-planted ${cheap} $<TARGET_OBJECTS:chancery_planted>)
    target_compile_definitions(chancery-simulate-planted PRIVATE CHANCERY_PLANTED)
endfunction()

function(chancery_simulator_program name)
    add_executable(${name} $<TARGET_OBJECTS:chancery_simulate>
        ${PROJECT_SOURCE_DIR}/tests/simulation/planted/changed_sources.cpp ${ARGN})
    target_link_libraries(${name} PRIVATE chancery_simulation chancery_warnings)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

# Networks of the real programs: tests/cluster/.
function(chancery_cluster_tests)
    set(shim ${PROJECT_SOURCE_DIR}/tests/cluster/machine_shim.cpp)
    add_library(machine_shim MODULE ${shim})  # Loaded into the nodes under test.
    target_include_directories(machine_shim PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(machine_shim PRIVATE chancery_warnings)
    chancery_program_tests(cluster 2000)
    add_dependencies(cluster_test machine_shim)
    target_compile_definitions(cluster_test PRIVATE CHANCERY_SHIM="$<TARGET_FILE:machine_shim>")
endfunction()
