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
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies (RFC 5321 §4.2). */
class ReplyParserTest {

    private static final ReplyLimits LIMITS = new ReplyLimits(100, 10, 512, 512);

    private static List<Reply> parse(byte[] octets, int portion) throws BadReplyException {
        ReplyParser parser = new ReplyParser(LIMITS);
        List<Reply> replies = new ArrayList<>();
        for (int at = 0; at < octets.length; at += portion) {
            ByteBuf in = Unpooled.wrappedBuffer(octets, at, Math.min(portion, octets.length - at));
            while (in.isReadable()) {
                parser.parse(in).ifPresent(replies::add);
            }
        }
        return replies;
    }

    private static Reply parse(String text) throws BadReplyException {
        List<Reply> replies = parse(text.getBytes(UTF_8), 1000);
        assertThat(replies).hasSize(1);
        return replies.get(0);
    }

    @Test
    void aReplyOfSeveralLines() throws BadReplyException {
        Reply reply = parse("550-5.1.1 no such\r\n550 5.1.1 user here\r\n");
        assertThat(reply).isEqualTo(new Reply(550, Optional.of("5.1.1"), List.of("5.1.1 no such", "5.1.1 user here")));
        assertThat(reply).hasToString("550 5.1.1 no such user here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"250\r\n", "250 \r\n", "250\n", "250-\r\n250\r\n"})
    void bareCodesAreReplies(String text) throws BadReplyException {
        assertThat(parse(text)).satisfies(reply -> {
            assertThat(reply.code()).isEqualTo(250);
            assertThat(reply).hasToString("250");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "550 5.1.1 no, 5.1.1",
        "250 2.0.0, 2.0.0",
        "550 4.1.1 no,", // RFC 2034 §4: the class is the reply's
        "550 5.1.1no,",
        "550 5.1 no,",
        "550 5.1000.1 no,",
        "550 see 5.1.1,"
    })
    void theEnhancedCodeHasTheClassOfTheReply(String text, String enhanced) throws BadReplyException {
        assertThat(parse(text + "\r\n").enhancedCode()).isEqualTo(Optional.ofNullable(enhanced));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "25",
                "2500 ok",
                "250ok",
                "150 x",
                "650 x",
                "x50 y",
                "25x y",
                "250\tx",
                "550-a\r\n250 b"
            })
    void whatIsNoReplyIsRefused(String text) {
        assertThatThrownBy(() -> parse(text + "\r\n")).isInstanceOf(BadReplyException.class);
    }

    @Test
    void limitsAreKept() throws BadReplyException {
        assertThat(parse("250 " + "x".repeat(94) + "\r\n").code()).isEqualTo(250);
        assertThatThrownBy(() -> parse("250 " + "x".repeat(95) + "\r\n")).hasMessageContaining("line of more than 100");
        assertThat(parse("250-x\r\n".repeat(9) + "250 x\r\n").lines()).hasSize(10);
        assertThatThrownBy(() -> parse("250-x\r\n".repeat(10) + "250 x\r\n")).hasMessageContaining("10 lines");
        assertThatThrownBy(() -> parse(("250-" + "x".repeat(90) + "\r\n").repeat(6)))
                .hasMessageContaining("reply of more than 512");
    }

    @Test
    void textIsPrintable() throws BadReplyException {
        List<Reply> replies =
                parse("250 gr\u00fc\u00df \u202eevil \u0007\u001b[31m \u0085 \0 ok\r\n".getBytes(UTF_8), 3);
        assertThat(replies.get(0).lines()).containsExactly("gr\u00fc\u00df ?evil ??[31m ? ? ok");
        assertThat(parse("250 \u00ff\u00fe\r\n".getBytes(ISO_8859_1), 3).get(0).lines())
                .containsExactly("\ufffd\ufffd");
    }

    @Provide
    Arbitrary<List<Reply>> replies() {
        Arbitrary<String> text =
                Arbitraries.strings().ascii().withCharRange(' ', '~').ofMaxLength(40);
        Arbitrary<Integer> code = Arbitraries.integers().between(200, 599);
        return Combinators.combine(code, text.list().ofMinSize(1).ofMaxSize(5))
                .as(Reply::of)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    @Property
    void repliesComeOutAsTheyWereHoweverTheyAreCut(
            @ForAll("replies") List<Reply> replies, @ForAll @IntRange(min = 1, max = 50) int portion)
            throws BadReplyException {
        StringBuilder wire = new StringBuilder();
        for (Reply reply : replies) {
            for (int i = 0; i < reply.lines().size(); i++) {
                wire.append(reply.code())
                        .append(i < reply.lines().size() - 1 ? '-' : ' ')
                        .append(reply.lines().get(i))
                        .append("\r\n");
            }
        }
        assertThat(parse(wire.toString().getBytes(UTF_8), portion)).isEqualTo(replies);
    }

    @Provide
    Arbitrary<byte[]> octets() {
        Arbitrary<Byte> likely = Arbitraries.of(
                (byte) '2',
                (byte) '5',
                (byte) '0',
                (byte) '-',
                (byte) ' ',
                (byte) '\r',
                (byte) '\n',
                (byte) '.',
                (byte) 0,
                (byte) 0xff);
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(9, likely), net.jqwik.api.Tuple.of(1, Arbitraries.bytes()))
                .array(byte[].class)
                .ofMaxSize(300);
    }

    @Property(tries = 20_000)
    void whateverComesItIsAReplyOrRefusedAndCutsDoNotMatter(
            @ForAll("octets") byte[] octets, @ForAll @IntRange(min = 1, max = 20) int portion) {
        assertThat(outcome(octets, portion)).isEqualTo(outcome(octets, 1000));
    }

    /** The replies, and whether it ended badly. */
    private static List<Object> outcome(byte[] octets, int portion) {
        ReplyParser parser = new ReplyParser(LIMITS);
        List<Object> outcome = new ArrayList<>();
        try {
            for (int at = 0; at < octets.length; at += portion) {
                ByteBuf in = Unpooled.wrappedBuffer(octets, at, Math.min(portion, octets.length - at));
                while (in.isReadable()) {
                    parser.parse(in).ifPresent(outcome::add);
                }
            }
        } catch (BadReplyException e) {
            outcome.add("refused");
        }
        return outcome;
    }
}
