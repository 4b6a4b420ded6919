/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs all of them and prints a line for each, with its ratio to the naive way of doing the same. */
public final class Microbenchmarks {

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private Microbenchmarks() {}

    /** @param arguments regular expressions of the benchmarks to run; none: all */
    public static void main(String[] arguments) throws RunnerException {
        var options = new OptionsBuilder()
                .forks(1)
                .warmupIterations(2)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(4)
                .measurementTime(TimeValue.seconds(1))
                .jvmArgs("-Xmx512m", "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener")
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT);
        if (arguments.length == 0) {
            options.include("org\\.jamesoutgoing\\..*Benchmark");
        }
        for (String argument : arguments) {
            options.include(argument);
        }
        print(new Runner(options.build()).run());
    }

    private static void print(Collection<RunResult> results) {
        Map<String, RunResult> sorted = new TreeMap<>();
        results.forEach(result -> sorted.put(name(result), result));
        System.out.printf("%-34s %16s %12s %10s%n", "benchmark", "ops/s", "octets/op", "x naive");
        sorted.forEach((name, result) -> {
            double score = result.getPrimaryResult().getScore();
            RunResult naive = sorted.get(name.replaceFirst("\\.\\w+", ".naive"));
            System.out.println(String.format(
                    Locale.ROOT,
                    "%-34s %,16.0f %,12.0f %10.2f",
                    name,
                    score,
                    result.getSecondaryResults().get(ALLOCATED).getScore(),
                    score / naive.getPrimaryResult().getScore()));
        });
    }

    /** Such as {@code DotStuffingBenchmark.ours LF}. */
    private static String name(RunResult result) {
        String name = result.getParams().getBenchmark().replaceFirst(".*\\.(?=\\w+\\.)", "");
        StringBuilder text = new StringBuilder(name);
        result.getParams().getParamsKeys().forEach(key -> text.append(' ')
                .append(result.getParams().getParam(key)));
        return text.toString();
    }
}
