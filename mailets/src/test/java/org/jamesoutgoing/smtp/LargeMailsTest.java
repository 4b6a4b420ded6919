/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 200 mails of 5 MB at once, half of them to readers that do not read for a while, in a heap of 256 MB. */
class LargeMailsTest {

    private static final long ALL = (long) LargeMails.MAILS * LargeMails.SIZE;

    @TempDir
    private Path folder;

    @Test
    void twoHundredMailsOfFiveMegabytesAtOnceGoThroughAHeapOf256Megabytes() throws Exception {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeMails.class.getName(),
                        "SIZE",
                        "CHUNKING")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended;
        try {
            ended = process.waitFor(2, TimeUnit.MINUTES);
        } finally {
            process.destroyForcibly();
        }
        String printed = Files.readString(output, UTF_8);

        assertThat(ended).as(printed).isTrue();
        assertThat(process.exitValue()).as(printed).isZero();
        for (String form : List.of("SIZE", "CHUNKING")) {
            String summary = printed.lines()
                    .filter(line -> line.startsWith(form + " "))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(printed));
            assertThat(value(summary, "accepted")).as(summary).isEqualTo(LargeMails.MAILS);
            assertThat(value(summary, "received")).as(summary).isEqualTo(LargeMails.MAILS);
            assertThat(value(summary, "octets")).as(summary).isEqualTo(ALL);
            // What was read of the mails whose receivers did not read: the sender felt it. Most of it is in the
            // kernel's
            // send buffers, which grow to 4 MB each.
            assertThat(value(summary, "ahead")).as(summary).isBetween(1L, ALL / 2 - 1);
            assertThat(value(summary, "live")).as(summary).isBetween(1L, 100L << 20);
            assertThat(value(summary, "direct")).as(summary).isBetween(1L, 100L << 20);
        }
    }

    private static long value(String summary, String name) {
        Matcher matcher = Pattern.compile(" " + name + "=(\\d+)").matcher(summary);
        assertThat(matcher.find()).as(summary).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
