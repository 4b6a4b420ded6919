/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However long or deep a message is, its conversion takes little memory and time. */
@Timeout(60)
class BoundedMemoryTest {

    private static final int MEGABYTE = 1 << 20;

    /** A head, and something over and over: the message is not in memory either. */
    private static SevenBitMessage.Source source(String head, String over, int times, String tail) {
        byte[] block = Messages.octets(over);
        return () -> new SequenceInputStream(Collections.enumeration(List.of(
                new ByteArrayInputStream(Messages.octets(head)),
                new Repeated(block, times),
                new ByteArrayInputStream(Messages.octets(tail)))));
    }

    @SuppressWarnings("InputStreamSlowMultibyteRead") // Fast enough.
    private static final class Repeated extends InputStream {
        private final byte[] block;
        private int times;
        private int at;

        Repeated(byte[] block, int times) {
            this.block = block;
            this.times = times;
        }

        @Override
        public int read() {
            if (times == 0) {
                return -1;
            }
            int octet = block[at] & 0xff;
            at++;
            if (at == block.length) {
                at = 0;
                times--;
            }
            return octet;
        }
    }

    private static long lengthOf(SevenBitMessage message) throws IOException {
        byte[] buffer = new byte[65536];
        long length = 0;
        try (InputStream in = message.open()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                length += read;
                for (int i = 0; i < read; i++) {
                    if (buffer[i] < 0) {
                        throw new AssertionError("8-bit octet in the result");
                    }
                }
            }
        }
        return length;
    }

    @Test
    void twoHundredLargeMessagesAreConvertedAtOnce() throws Exception {
        String line = "a line with \u00fc in it, and some more text\r\n";
        String head = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n";
        SevenBitMessage.Source source = source(head, line, 5 * MEGABYTE / line.length(), "--b--\r\n");
        long before = used();
        List<SevenBitMessage> messages = new ArrayList<>();
        List<InputStream> open = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            messages.add(i == 0 ? SevenBitMessage.of(source) : messages.get(0));
            InputStream in = messages.get(i).open();
            assertThat(in.readNBytes(100_000)).hasSize(100_000);
            open.add(in);
        }
        assertThat(used() - before).isLessThan(30L * MEGABYTE);
        for (InputStream in : open) {
            in.close();
        }
        assertThat(lengthOf(messages.get(0))).isBetween(5L * MEGABYTE, 6L * MEGABYTE);
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    'Subject: x'                                          | ' and so on'
                    'Subject: x\\n'                                       | 'X: y\\n'
                    'Subject: x\\n'                                       | ' folded\\n'
                    'Content-Type: multipart/mixed; boundary=b\\n\\n'     | '--c\\n'
                    'Content-Type: multipart/mixed; boundary=b\\n\\n'     | '\\0\\r\\0'
                    'Content-Type: multipart/mixed; boundary=b\\n\\n--b\\n\\n'  | 'x'
                    'Content-Type: multipart/mixed; boundary=b\\n\\n--b\\n\\n'  | '-'
                    'Content-Type: text/plain\\n\\n\u00fc'                | '\u00fc'
                    'Content-Type: text/plain\\n\\n\u00fc'                | ' '
                    'Content-Type: image/png\\n\\n\u00fc'                 | '\\r'
                    'Content-Type: text/plain\\nContent-Transfer-Encoding: quoted-printable\\n\\n\u00fc'  | '='
                    """)
    void tenMegabytesOfAnythingPass(String head, String over) throws Exception {
        SevenBitMessage message = SevenBitMessage.of(source(
                escapes(head), escapes(over), 10 * MEGABYTE / escapes(over).length(), "\r\n"));
        assertThat(lengthOf(message)).isGreaterThan(9L * MEGABYTE);
    }

    private static String escapes(String text) {
        return text.replace("\\n", "\r\n").replace("\\r", "\r").replace("\\0", "\0");
    }

    @Test
    void tenThousandMultipartsInEachOtherAreRefusedIfOneOfThemIsEightBit() throws Exception {
        StringBuilder nested = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            nested.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\r\n\r\n--b")
                    .append(i)
                    .append("\r\n");
        }
        byte[] sevenBit = Messages.octets(nested + "\r\nx\r\n");
        assertThat(Messages.convert(sevenBit)).isEqualTo(sevenBit);
        assertThatThrownBy(() -> Messages.convert(Messages.octets(nested + "\r\n\u00fc\r\n")))
                .isInstanceOf(NotConvertibleException.class)
                .hasMessageContaining("multipart");
    }

    @Test
    void messagesInMessagesWithoutEndAreRefusedIfOneIsEightBit() {
        String deep = "Content-Type: message/rfc822\r\n\r\n".repeat(10_000);
        assertThatThrownBy(() -> Messages.convert(Messages.octets(deep + "\r\n\u00fc\r\n")))
                .isInstanceOf(NotConvertibleException.class);
    }

    @Test
    void moreThanTenThousandPartsAreRefused() {
        String parts = "Content-Type: multipart/mixed; boundary=b\r\n" + "\r\n--b\r\n".repeat(10_001);
        assertThatThrownBy(() -> Messages.convert(Messages.octets(parts + "\r\n\u00fc\r\n")))
                .isInstanceOf(NotConvertibleException.class)
                .hasMessageContaining("10000 parts");
    }

    @Test
    void aHeaderFieldWithoutEndIsRefusedIfItIsEightBit() {
        SevenBitMessage.Source source = source("Subject: ", "\u00fc", 10 * MEGABYTE, "\r\n\r\nx\r\n");
        assertThatThrownBy(() -> SevenBitMessage.of(source)).hasMessageContaining("header field of more than 64 KB");
    }

    @ParameterizedTest
    @CsvSource({"Subject", "To", "Content-Type: a/b; x"})
    void aHeaderFieldOfSixtyKilobytesTakesNoTimeWorthMentioning(String name) throws Exception {
        String separator = name.startsWith("Content") ? "=" : ":";
        for (String piece :
                List.of("\u00fc", " \u00fc", "\t", "(", ")", "\\", "\"", "<", ";", "\u00fc;a=", "=?x?=", "%", "*")) {
            String value = " \u00fc" + piece.repeat(60_000 / piece.length());
            try {
                Messages.convert(Messages.octets(name + separator + value + "\r\n\r\nx\r\n"));
            } catch (NotConvertibleException e) {
                assertThat(e).hasMessageContaining("8-bit octets in");
            }
        }
    }
}
