/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamesoutgoing.dsn.Samples.BOB;
import static org.jamesoutgoing.dsn.Samples.MESSAGE;
import static org.jamesoutgoing.dsn.Samples.NOW;
import static org.jamesoutgoing.dsn.Samples.asking;
import static org.jamesoutgoing.dsn.Samples.composer;
import static org.jamesoutgoing.dsn.Samples.mail;
import static org.jamesoutgoing.dsn.Samples.octets;
import static org.jamesoutgoing.dsn.Samples.request;
import static org.jamesoutgoing.dsn.Samples.unreachable;
import static org.jamesoutgoing.dsn.Samples.withoutMessage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.Attribute;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.Ret;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMail;
import org.jamesoutgoing.dsn.ParsedDsn.PartView;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The third part of the report: the original, its headers, or nothing. */
class ReturnedContentTest {
    private static final String HEADER = MESSAGE.substring(0, MESSAGE.indexOf("\r\n\r\n") + 2);

    private static Optional<PartView> returned(DsnKind kind, Mail original) throws MessagingException {
        return ParsedDsn.valid(composer().compose(request(kind, original, unreachable(BOB))))
                .returned();
    }

    private static Optional<PartView> returned(Mail original) throws MessagingException {
        return returned(DsnKind.FAILURE, original);
    }

    @ParameterizedTest(name = "{0} with RET={1}, {2} octets: {3}")
    @CsvSource({
        "FAILURE, FULL,   1000,    message/rfc822",
        "FAILURE, FULL,   70000,   message/rfc822",
        "FAILURE, FULL,   3000000, text/rfc822-headers",
        "FAILURE, HDRS,   1000,    text/rfc822-headers",
        "FAILURE, absent, 1000,    message/rfc822",
        "FAILURE, absent, 65536,   message/rfc822",
        "FAILURE, absent, 65537,   text/rfc822-headers",
        "DELAY,   FULL,   1000,    text/rfc822-headers",
        "DELAY,   absent, 1000,    text/rfc822-headers",
        "SUCCESS, FULL,   1000,    text/rfc822-headers",
        "SUCCESS, HDRS,   1000,    text/rfc822-headers",
    })
    void retIsForFailuresAndOthersCarryHeadersOnly(DsnKind kind, String ret, int size, String type)
            throws Exception { // RFC 3461 §4.3
        MailImpl original = mail(MESSAGE + lines(size - MESSAGE.length()));
        if (!ret.equals("absent")) {
            asking(original, DsnParameters.builder().ret(Ret.valueOf(ret)));
        }
        DsnComposer composer =
                new DsnComposer(Clock.fixed(NOW, ZoneOffset.UTC), () -> "1", new ReturnLimits(65_536, 2_000_000));

        ParsedDsn dsn = ParsedDsn.valid(composer.compose(request(kind, original, unreachable(BOB))));

        assertThat(dsn.returned().orElseThrow().type()).isEqualTo(type);
        assertThat(dsn.text())
                .contains(type.equals("message/rfc822") ? "  It is attached." : "  Its headers are attached.");
    }

    @ParameterizedTest
    @CsvSource({"true, text/rfc822-headers", "false, message/rfc822"})
    void ofAMailThatRequiresTlsNoMoreThanTheHeadersGoBackAndUnderTheSameProtection(boolean required, String type)
            throws Exception { // RFC 8689 §5
        Attribute attribute = Attribute.convertToAttribute("REQUIRETLS", required);
        MailImpl original = asking(mail(MESSAGE), DsnParameters.builder().ret(Ret.FULL));
        original.setAttribute(attribute);
        DsnRequest request = request(DsnKind.FAILURE, original, unreachable(BOB));
        MergedDsn merged = composer().merged();
        merged.add(request);

        Mail dsn = composer().composeMail(request);

        assertThat(ParsedDsn.valid(dsn.getMessage()).returned().orElseThrow().type())
                .isEqualTo(type);
        assertThat(List.of(
                        dsn,
                        composer().composeMail(request, NO_PREFERENCES),
                        composer().composeCopy(request),
                        composer().composeMail(merged)))
                .allMatch(told -> told.getAttribute(attribute.getName())
                        .equals(required ? Optional.of(attribute) : Optional.empty()));
    }

    private static final DsnPreferences NO_PREFERENCES =
            new DsnPreferences(Optional.empty(), Optional.empty(), Optional.empty());

    @Test
    void theWholeMessageIsReturnedOctetByOctet() throws Exception {
        String original = MESSAGE + "--\r\n -- \r\n.\r\n\r\nFrom here\t \r\n" + "x".repeat(998);

        PartView part = returned(mail(original)).orElseThrow();

        assertThat(part.encoding()).isEqualTo("7bit");
        assertThat(new String(part.raw(), UTF_8)).isEqualTo(original);
    }

    @Test
    void headersOnlyAreExactlyTheHeaders() throws Exception { // RFC 6522 §4
        PartView part = returned(DsnKind.DELAY, mail(MESSAGE)).orElseThrow();

        assertThat(part.encoding()).isEqualTo("7bit");
        assertThat(part.text()).isEqualTo(HEADER);
    }

    @Test
    void eightBitMailIsLabelled8bitUpToTheTop() throws Exception { // RFC 2045 §6.4
        String original = MESSAGE + "d\u00e9j\u00e0 vu\r\n";
        ParsedDsn dsn = ParsedDsn.valid(composer().compose(request(DsnKind.FAILURE, mail(original), unreachable(BOB))));

        assertThat(dsn.header("Content-Transfer-Encoding")).isEqualTo("8bit");
        assertThat(dsn.returned().orElseThrow().encoding()).isEqualTo("8bit");
        assertThat(dsn.returned().orElseThrow().raw()).isEqualTo(original.getBytes(UTF_8));
    }

    @Test
    void headersBeyond7bitAreQuotedPrintable() throws Exception { // RFC 6522 §4
        String header = "Subject: d\u00e9j\u00e0\r\nX-Long: " + "y".repeat(100_000) + "\r\nX-Nul: a\0b\r\n";

        // Cut at 64 KB, after the last whole line.
        PartView cut = returned(DsnKind.DELAY, mail(header + "\r\nbody")).orElseThrow();
        assertThat(cut.encoding()).isEqualTo("quoted-printable");
        assertThat(cut.text()).isEqualTo("Subject: d\u00e9j\u00e0\r\n");

        String shorter = header.replace("y".repeat(50_000), "");
        assertThat(returned(DsnKind.DELAY, mail(shorter + "\r\nbody"))
                        .orElseThrow()
                        .text())
                .isEqualTo("Subject: d\u00e9j\u00e0\r\nX-Long: \r\nX-Nul: a\0b\r\n");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"NUL, 'a\0b'", "line of 999, ''", "line of 100000, ''"})
    void aBodyThatNoLabelFitsCostsTheBodyOnly(String what, String body) throws Exception { // RFC 2045 §2.8
        String bad = body.isEmpty() ? "z".repeat(Integer.parseInt(what.substring(8))) : body;
        MailImpl original =
                asking(mail(MESSAGE + bad + "\r\n"), DsnParameters.builder().ret(Ret.FULL));

        PartView part = returned(original).orElseThrow();

        assertThat(part.type()).isEqualTo("text/rfc822-headers");
        assertThat(part.text()).isEqualTo(HEADER);
    }

    @Test
    void bareLineEndsBecomeCrlfAsOnTheWire() throws Exception { // RFC 5321 §2.3.8
        String original = "Subject: a\n\none\ntwo\rthree\r\nfour";

        assertThat(returned(mail(original)).orElseThrow().text())
                .isEqualTo("Subject: a\r\n\r\none\r\ntwo\r\nthree\r\nfour");
    }

    @Test
    void anOriginalThatContainsOurBoundaryCannotEndItsPart() throws Exception { // RFC 2046 §5.1.1
        String original =
                MESSAGE + "--=_4f2a--\r\n\r\n--=_4f2a\r\nContent-Type: text/html\r\n\r\n<a>\r\n--=_1_4f2a--\r\n";

        assertThat(returned(mail(original)).orElseThrow().text()).isEqualTo(original);
    }

    @Test
    void aNotYetSavedChangeOfTheHeaderIsReturnedAndNotSaved() throws Exception {
        MailImpl original = mail(MESSAGE);
        original.getMessage().setHeader("X-Spam", "no");

        assertThat(returned(original).orElseThrow().text()).contains("X-Spam: no", "Shall we meet");
        assertThat(original.getMessage().getHeader("MIME-Version")).isNull();
    }

    @Test
    void theOriginalIsLeftAsItWas() throws Exception {
        MailImpl original = mail(MESSAGE);

        returned(original);

        assertThat(octets(original.getMessage())).isEqualTo(MESSAGE.getBytes(UTF_8));
        assertThat(((MimeMessageWrapper) original.getMessage()).isModified()).isFalse();
        assertThat(original.hasAttributes()).isFalse();
        assertThat(original.getRecipients()).hasSize(2);
    }

    @Test
    void aMailWithoutMessageStillGetsItsDsn() throws Exception {
        ParsedDsn dsn =
                ParsedDsn.valid(composer().compose(request(DsnKind.FAILURE, withoutMessage(), unreachable(BOB))));

        assertThat(dsn.returned()).isEmpty();
        assertThat(dsn.header("Subject")).isEqualTo("Undelivered Mail");
        assertThat(dsn.headerIfAny("In-Reply-To")).isEmpty();
        assertThat(dsn.text()).contains("bob@example.com").doesNotContain("attached");
    }

    @Test
    void aMessageThatCannotBeReadStillGetsItsDsn() throws Exception {
        Mail broken = FakeMail.builder()
                .name("broken")
                .sender(Samples.ALICE)
                .recipient(BOB)
                .mimeMessage(new MimeMessage(Session.getInstance(new Properties())) {
                    @Override
                    public void writeTo(OutputStream out) {
                        throw new IllegalStateException("on purpose");
                    }
                })
                .build();

        assertThat(returned(broken)).isEmpty();
    }

    @Test
    void aMessageThatBreaksOffGivesItsHeaders() throws Exception {
        MailImpl original = withoutMessage();
        original.setMessageNoCopy(new MimeMessageWrapper(new BreakingOff(MESSAGE.getBytes(UTF_8))));

        PartView part = returned(original).orElseThrow();

        assertThat(part.type()).isEqualTo("text/rfc822-headers");
        assertThat(part.text()).isEqualTo(HEADER);
    }

    @Test
    void anUnsavedMessageWithoutContentStillGetsItsDsn() throws Exception {
        MimeMessage message = new MimeMessage(Session.getInstance(new Properties()));
        message.setSubject("Draft");
        Mail original = FakeMail.builder()
                .name("draft")
                .sender(Samples.ALICE)
                .recipient(BOB)
                .mimeMessage(message)
                .build();

        ParsedDsn.valid(composer().compose(request(DsnKind.FAILURE, original, unreachable(BOB))));
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "'\r\n'",
        "'\r\n\r\n'",
        "'\n'",
        "'\r'",
        "' '",
        "'no header at all'",
        "':'",
        "': empty name\r\n\r\nx'",
        "' starts with a fold\r\nSubject: x\r\n\r\n'",
        "'Subject'",
        "'Subject:'",
        "'Message-ID: <>\r\nMessage-ID: <a@b>\r\n\r\n'",
        "'Message-ID: <a\r\n b@c>\r\n\r\n'",
        "'Content-Type: multipart/mixed; boundary=\"\r\n\r\n--\r\n'",
        "'Content-Transfer-Encoding: base64\r\n\r\n****'",
    })
    void anythingMayStandInTheOriginal(String original) throws Exception {
        for (DsnKind kind : DsnKind.values()) {
            returned(kind, mail(original.getBytes(ISO_8859_1)));
        }
    }

    @Test
    void limitsMustBeInOrder() {
        assertThatThrownBy(() -> new ReturnLimits(2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReturnLimits(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String lines(int size) {
        String line = "0123456789".repeat(7) + "\r\n";
        return line.repeat(size / line.length() + 1).substring(0, size);
    }

    /** A source whose storage fails at the end of what it has. */
    private record BreakingOff(byte[] octets) implements MimeMessageSource {
        @Override
        public String getSourceId() {
            return "breaking-off";
        }

        @Override
        public InputStream getInputStream() {
            return new SequenceInputStream(new ByteArrayInputStream(octets), new InputStream() {
                @Override
                public int read() throws IOException {
                    throw new IOException("disk error, on purpose");
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    return read();
                }
            });
        }
    }
}
