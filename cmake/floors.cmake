# How a floor, its tests and the programs are built: one static library and one test program a floor.

# chancery_rooms(<target> <file>...): with CMAKE_UNITY_BUILD each room is compiled as one, which is
# several times faster; so no two files of a room may give a name of their own to different things.
# A room is a folder, or among the tests those of one first word: merkle_tile_test, merkle_…
function(chancery_rooms target)
    set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
    foreach(file ${ARGN})
        file(RELATIVE_PATH room ${PROJECT_SOURCE_DIR} ${file})
        cmake_path(GET room PARENT_PATH room)
        cmake_path(GET file FILENAME name)
        if(name MATCHES "^([a-z]+)_.*_?test\\.cpp$")
            string(APPEND room "/${CMAKE_MATCH_1}")
        endif()
        string(REPLACE "/" "_" room ${room})
        set_source_files_properties(${file} PROPERTIES UNITY_GROUP ${room})
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

# chancery_tests(<floor>): links that floor and those below, so an upward call fails to link.
function(chancery_tests floor)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${floor}/*.cpp)
    if(NOT sources)
        return()
    endif()
    add_executable(${floor}_test ${sources})
    chancery_rooms(${floor}_test ${sources})
    target_link_libraries(${floor}_test PRIVATE
        chancery_${floor} GTest::gmock GTest::gtest_main chancery_warnings)
    target_compile_definitions(${floor}_test PRIVATE
        CHANCERY_VECTORS="${PROJECT_SOURCE_DIR}/tests/vectors"
        CHANCERY_SCENARIOS="${PROJECT_SOURCE_DIR}/tests/scenarios"
        CHANCERY_SOURCE="${PROJECT_SOURCE_DIR}"
        CHANCERY_BIN="${PROJECT_BINARY_DIR}/bin")
    if(floor STREQUAL "node")
        target_link_libraries(${floor}_test PRIVATE chancery_simulation)
        if(CHANCERY_SWARM)
            add_dependencies(${floor}_test chancery-simulate-planted)
            target_compile_definitions(${floor}_test PRIVATE CHANCERY_SWARM)
        endif()
        foreach(program chancery chanceryd)
            if(TARGET ${program})
                add_dependencies(${floor}_test ${program})
            endif()
            if(TARGET ${program}_parts)
                target_link_libraries(${floor}_test PRIVATE ${program}_parts)
            endif()
        endforeach()
    endif()
    add_test(NAME ${floor} COMMAND ${floor}_test)
    if(floor STREQUAL "node")
        set_tests_properties(${floor} PROPERTIES COST 1000)  # The longest begins first.
    endif()
    set_tests_properties(${floor} PROPERTIES TIMEOUT 1800)
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
    foreach(stand_in chancery_cheap_keys chancery_planted)
        target_link_libraries(${stand_in} PRIVATE chancery_node chancery_warnings)
    endforeach()

    set(cheap $<TARGET_OBJECTS:chancery_cheap_keys>)
    chancery_simulator_program(chancery-simulate-real)
    chancery_simulator_program(chancery-simulate ${cheap})
    chancery_simulator_program(chancery-simulate-planted ${cheap} $<TARGET_OBJECTS:chancery_planted>)
    target_compile_definitions(chancery-simulate-planted PRIVATE CHANCERY_PLANTED)
endfunction()

function(chancery_simulator_program name)
    add_executable(${name} ${PROJECT_SOURCE_DIR}/tests/simulation/main.cpp ${ARGN})
    target_link_libraries(${name} PRIVATE chancery_simulation CLI11::CLI11 chancery_warnings)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

# Networks of the real programs: tests/cluster/.
function(chancery_cluster_tests)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/cluster/*.cpp)
    set(shim ${PROJECT_SOURCE_DIR}/tests/cluster/machine_shim.cpp)
    list(REMOVE_ITEM sources ${shim})
    add_library(machine_shim MODULE ${shim})  # Loaded into the nodes under test.
    target_include_directories(machine_shim PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(machine_shim PRIVATE chancery_warnings)
    add_executable(cluster_test ${sources})
    chancery_rooms(cluster_test ${sources})
    target_link_libraries(cluster_test PRIVATE
        chancery_parts GTest::gmock GTest::gtest_main chancery_warnings)
    target_compile_definitions(cluster_test PRIVATE
        CHANCERY_BIN="${PROJECT_BINARY_DIR}/bin" CHANCERY_SHIM="$<TARGET_FILE:machine_shim>")
    add_dependencies(cluster_test chancery chanceryd machine_shim)
    add_test(NAME cluster COMMAND cluster_test)
    # Alone: what it asks for within a time, it asks for of all the machine.
    set_tests_properties(cluster PROPERTIES TIMEOUT 1800 COST 2000 RUN_SERIAL ON)
endfunction()
