/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;

/** A million inputs, cut anywhere, against a simple reading of RFC 5321 §4.2; and what the parser may hold of them. */
class ReplyParserFuzzTest {

    private static final int TRIES = 1_000;
    private static final int INPUTS_PER_TRY = 1_000;

    private static final ReplyLimits LIMITS = new ReplyLimits(100, 10, 512, 512);

    /** Octets that one input may cost on average, its replies, exceptions and cuts included. */
    private static final long MAX_ALLOCATION = 32 * 1024;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final String[] PIECES = {
        "250 ",
        "250-",
        "250",
        "220 mx.example.test ESMTP",
        "354 go ahead",
        "421 4.3.2 bye",
        "550-5.1.1 ",
        "550 5.1.1 no",
        "552 ",
        "25",
        "2500",
        "199 ",
        "600 ",
        "2x0 ",
        "250\t",
        " ",
        "-",
        ".",
        "\0",
        "\r\n",
        "\r\n",
        "\r\n",
        "\n",
        "\r",
        "text",
        "gr\u00c3\u00bc\u00c3\u009f",
        "\u00ff",
        "\u00e2\u0080\u00ae",
        "STARTTLS",
        "SIZE 1000",
        "x".repeat(80)
    };

    // ---- the reference

    private static final Pattern LINE = Pattern.compile("([2-5])[0-9][0-9](?:[ -].*)?", Pattern.DOTALL);
    private static final String REFUSED = "refused";

    /** The replies in the octets, and "refused" where there is none that can be trusted. */
    private static List<Object> reference(String octets) {
        List<Object> outcome = new ArrayList<>();
        List<String> reply = new ArrayList<>();
        int at = 0;
        int replyStart = 0;
        while (at < octets.length()) {
            int end = octets.indexOf('\n', at) + 1;
            int next = end == 0 ? octets.length() : end;
            boolean tooMuch = next - at > LIMITS.maxLineLength() || next - replyStart > LIMITS.maxReplyBytes();
            if (end == 0 && !tooMuch) {
                return outcome;
            }
            String line = octets.substring(at, next - 1);
            line = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            if (tooMuch
                    || !LINE.matcher(line).matches()
                    || (!reply.isEmpty() && reply.get(0).charAt(0) != line.charAt(0))
                    || reply.size() == LIMITS.maxLines()) {
                outcome.add(REFUSED);
                return outcome;
            }
            reply.add(line);
            at = next;
            if (!line.startsWith("-", 3)) {
                outcome.add(Reply.of(
                        Integer.parseInt(line.substring(0, 3)),
                        reply.stream().map(ReplyParserFuzzTest::text).toList()));
                reply.clear();
                replyStart = at;
            }
        }
        return outcome;
    }

    private static String text(String line) {
        return line.length() < 4 ? "" : new String(line.substring(4).getBytes(ISO_8859_1), UTF_8);
    }

    // ---- the parser

    private static List<Object> outcome(ReplyParser parser, byte[] octets, SplittableRandom cuts) {
        List<Object> outcome = new ArrayList<>();
        int most = cuts.nextInt(3) == 0 ? 3 : 200;
        try {
            for (int at = 0; at < octets.length; ) {
                int count = Math.min(octets.length - at, cuts.nextInt(1, most + 1));
                ByteBuf in = Unpooled.wrappedBuffer(octets, at, count);
                while (in.isReadable()) {
                    parser.parse(in).ifPresent(outcome::add);
                }
                at += count;
            }
        } catch (BadReplyException e) {
            outcome.add(REFUSED);
        }
        return outcome;
    }

    private static String input(SplittableRandom random) {
        StringBuilder input = new StringBuilder();
        boolean wellMeaning = random.nextBoolean();
        for (int pieces = random.nextInt(24); pieces > 0; pieces--) {
            if (random.nextInt(20) == 0) {
                input.append((char) random.nextInt(256));
            } else if (wellMeaning) {
                // Mostly valid, and long enough for every limit.
                input.append(random.nextInt(200, 600) / 100 == 3 ? "35" : "25")
                        .append(random.nextInt(10))
                        .append(random.nextInt(4) == 0 ? ' ' : '-')
                        .append(PIECES[random.nextInt(PIECES.length)])
                        .append(random.nextInt(8) == 0 ? "\n" : "\r\n");
            } else {
                input.append(PIECES[random.nextInt(PIECES.length)]);
            }
        }
        return input.toString();
    }

    /** Octets and characters that the parser keeps; its own limits are all that bounds them. */
    private static long retained(ReplyParser parser) {
        long sum = 0;
        try {
            for (Field field : ReplyParser.class.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    field.setAccessible(true);
                    Object value = field.get(parser);
                    if (value instanceof byte[] octets) {
                        sum += octets.length;
                    } else if (value instanceof Collection<?> texts) {
                        sum += texts.stream()
                                .mapToInt(text -> ((String) text).length())
                                .sum();
                    } else {
                        assertThat(value).isInstanceOfAny(Integer.class, ReplyLimits.class);
                    }
                }
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        return sum;
    }

    private static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    // ---- the properties

    @Provide
    Arbitrary<Long> seeds() {
        // Without the usual bias towards small numbers: a seed that comes twice is a thousand inputs lost.
        return Arbitraries.longs().withDistribution(RandomDistribution.uniform());
    }

    @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void aMillionInputsAreReadAsTheRfcSaysHoweverTheyAreCut(@ForAll("seeds") long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long cost = 0;
        for (int i = 0; i < INPUTS_PER_TRY; i++) {
            String input = input(random);
            byte[] octets = input.getBytes(ISO_8859_1);
            ReplyParser parser = new ReplyParser(LIMITS);

            long before = allocated();
            List<Object> outcome = outcome(parser, octets, random);
            cost += allocated() - before;

            // AssertJ only when it is needed: it would be most of the time.
            if (!outcome.equals(reference(input))) {
                assertThat(outcome).as("seed %d, input %d: %s", seed, i, input).isEqualTo(reference(input));
            }
            if (i % 10 == 0 && retained(parser) > 2L * LIMITS.maxLineLength() + LIMITS.maxReplyBytes()) {
                assertThat(retained(parser))
                        .as("seed %d, input %d: %s", seed, i, input)
                        .isZero();
            }
        }
        assertThat(cost).as("seed %d", seed).isLessThan(INPUTS_PER_TRY * MAX_ALLOCATION);
    }

    /** All that ever comes to one parser, whatever it is, until it has refused it. */
    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void whatNeverEndsIsRefusedBeforeItHasCostMuch(@ForAll("seeds") long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ReplyLimits limits = ReplyLimits.defaults();
        ReplyParser parser = new ReplyParser(limits);
        String what = random.nextBoolean() ? "250-" + "x".repeat(random.nextInt(4000)) + "\r\n" : "250 and so on";
        byte[] octets = what.repeat(1 + 200_000 / what.length()).getBytes(ISO_8859_1);

        long before = allocated();
        List<Object> outcome = outcome(parser, octets, random);
        long cost = allocated() - before;

        assertThat(outcome).containsExactly(REFUSED);
        assertThat(retained(parser)).isLessThanOrEqualTo(2L * limits.maxLineLength() + limits.maxReplyBytes());
        // The cuts of this test cost most of it: about 100 octets for each of the up to 65,536.
        assertThat(cost).isLessThan(160L * limits.maxReplyBytes());
    }

    @Example
    void aParserDoesNotGrowWithTheRepliesItHasRead() {
        SplittableRandom random = new SplittableRandom(1);
        ReplyParser parser = new ReplyParser(LIMITS);
        byte[] octets = "250-mx.example.test\r\n250-PIPELINING\r\n250 SIZE 10240000\r\n".getBytes(ISO_8859_1);
        long most = 0;
        for (int i = 0; i < 100_000; i++) {
            assertThat(outcome(parser, octets, random)).hasSize(1);
            most = Math.max(most, retained(parser));
        }
        assertThat(most).isLessThanOrEqualTo(2L * LIMITS.maxLineLength());
        assertThat(parser.inReply()).isFalse();
    }
}
