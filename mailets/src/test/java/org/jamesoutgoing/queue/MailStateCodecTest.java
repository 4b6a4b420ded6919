/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamesoutgoing.queue.SampleMails.addresses;
import static org.jamesoutgoing.queue.SampleMails.mail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.routing.DsnPolicies;
import org.jamesoutgoing.routing.DsnPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailStateCodecTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void whatIsWrittenIsRead(@ForAll("states") MailState state) {
        Mail mail = MailImpl.builder().name("Mail1").build();
        MailStateCodec.write(state, mail);
        MailState read = MailStateCodec.read(mail, NOW);
        assertThat(read).isEqualTo(state);
        assertThat(spelling(read)).isEqualTo(spelling(state));
    }

    /** James's file repository writes a mail so. */
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void itSurvivesSerialization(@ForAll("states") MailState state) throws Exception {
        Mail mail = MailImpl.builder().name("Mail1").build();
        MailStateCodec.write(state, mail);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(mail);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(MailStateCodec.read((MailImpl) in.readObject(), NOW)).isEqualTo(state);
        }
    }

    @Provide
    Arbitrary<MailState> states() {
        return States.any();
    }

    /** Addresses that differ in case only are equal, but not the same. */
    private static List<String> spelling(MailState state) {
        return state.recipients().stream().map(MailAddress::asString).toList();
    }

    @Test
    void twoHundredRecipientsAndQuotedOnesAreKept() { // RFC 5321 §4.1.2
        List<MailAddress> recipients = new ArrayList<>(addresses("\"a;b c\"@a.example", "\"\\\"\"@a.example"));
        for (int i = 0; i < 200; i++) {
            recipients.add(SampleMails.address("recipient" + i + "@a.example"));
        }
        MailState state = MailState.admitted("id", "Mail1", NOW, recipients);
        Mail mail = mail("Mail1", "x@a.example");
        MailStateCodec.write(state, mail);
        assertThat(MailStateCodec.read(mail, NOW).recipients()).isEqualTo(recipients);
    }

    @Test
    void theAttributeIsText() {
        Mail mail = mail("Mail1", "x@a.example");
        MailStateCodec.write(MailState.admitted("id", "Mail1", NOW, addresses("x@a.example")), mail);
        assertThat(mail.getAttribute(MailStateCodec.ATTRIBUTE)
                        .orElseThrow()
                        .getValue()
                        .value())
                .isInstanceOf(String.class);
    }

    @Test
    void fieldsOfALaterVersionAreIgnored() throws Exception {
        MailState state = state();
        String json = MailStateCodec.toJson(state);
        String later = json.replaceAll("\\{\"", "{\"heldBy\":[{\"admin\":null}],\"");
        assertThat(later).isNotEqualTo(json);
        assertThat(MailStateCodec.fromJson(later)).isEqualTo(state);
    }

    @Test
    void fieldsThatAnEarlierVersionDidNotKnowAreEmpty() throws Exception {
        MailState read =
                MailStateCodec.fromJson("{\"id\":\"a\",\"seq\":3,\"name\":\"Mail1\",\"accepted\":1000,\"due\":2000}");
        assertThat(read)
                .isEqualTo(new MailState(
                        new RecordId("a", 3),
                        "Mail1",
                        Instant.ofEpochSecond(1),
                        0,
                        Instant.ofEpochSecond(2),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "5",
                "\"text\"",
                "{}",
                "{\"id\":\"a\",\"seq\":1}",
                "{\"id\":\"a\",\"seq\":1,\"name\":\"n\",\"accepted\":1",
                "{\"id\":\"a\",\"seq\":1,\"name\":\"n\",\"accepted\":1,\"due\":1,\"recipients\":[\"no address\"]}",
                "{\"id\":\"a\",\"seq\":1,\"name\":\"n\",\"accepted\":1,\"due\":1,\"notices\":[{\"kind\":\"PARTY\"}]}",
                "{\"id\":\"a\",\"seq\":1,\"name\":\"n\",\"accepted\":\"yesterday\",\"due\":1}",
                "{\"id\":\"a\",\"seq\":1,\"name\":\"n\",\"accepted\":1,\"due\":null}",
                "{\"id\":\"a\",\"seq\":\"one\",\"name\":\"n\",\"accepted\":1,\"due\":1}",
                "not JSON at all",
            })
    void aMailWhoseStateCannotBeReadIsTakenAsItStands(String unreadable) {
        Mail mail = mail("Mail1", "x@a.example", "y@a.example");
        mail.setAttribute(new Attribute(MailStateCodec.ATTRIBUTE, AttributeValue.of(unreadable)));
        assertAdopted(MailStateCodec.read(mail, NOW));
    }

    /** Until there were repeated delay DSNs, that one was told had no time. */
    @Test
    void aDelayToldByAnEarlierVersionWasToldWhenTheRouteSays() throws Exception {
        String json = MailStateCodec.toJson(state());
        assertThat(json).doesNotContain("delayTold");
        assertThat(MailStateCodec.fromJson(json.replaceFirst("\\{", "{\"delayTold\":false,")))
                .isEqualTo(state());
        MailState told = MailStateCodec.fromJson(json.replaceFirst("\\{", "{\"delayTold\":true,"));
        assertThat(told.delayTold()).contains(NOW);
        DsnPolicies policies = new DsnPolicies(
                DsnPolicy.EVERY_SENDER,
                DsnPolicy.EVERY_SENDER,
                DsnPolicy.EVERY_SENDER,
                DsnPolicy.EVERY_SENDER,
                Duration.ofHours(4),
                Duration.ofHours(2));
        assertThat(policies.nextDelay(told.acceptedAt(), told.delayTold())).contains(NOW.plus(Duration.ofHours(6)));
    }

    /** As it was written before a recipient's result was one record from the attempt to the DSN. */
    @Test
    void whatAnEarlierVersionSaidOfRecipientsIsReadAndWrittenAsItWas() throws Exception {
        String refused = "\"recipient\":\"carol@b.example\",\"status\":\"5.1.1\",\"reply\":\"550 5.1.1 no such user\","
                + "\"host\":\"mx.b.example[192.0.2.1]\",\"code\":550,\"reason\":\"550 5.1.1 no such user\","
                + "\"permanent\":true,\"at\":1772381102789}";
        String expired = "{\"recipient\":\"dan@b.example\",\"status\":\"5.4.7\",\"lastStatus\":\"4.4.1\","
                + "\"reason\":\"too late; last: refused\",\"permanent\":false,\"at\":1772381102789}";
        String accepted = "\"recipient\":\"eve@b.example\",\"status\":\"2.0.0\",\"reply\":\"250 taken\","
                + "\"host\":\"mx.b.example[192.0.2.1]\",\"code\":250,\"reason\":\"250 taken\","
                + "\"permanent\":false,\"at\":1772381102789}";
        String json = "{\"id\":\"a\",\"seq\":2,\"name\":\"Mail1\",\"accepted\":1772366400123,\"attempts\":2,"
                + "\"due\":1772384400000,\"recipients\":[],\"history\":[],\"notices\":["
                + "{\"kind\":\"FAILURE\",\"recipients\":[{" + refused + "," + expired + "]},"
                + "{\"kind\":\"FAILURE\",\"to\":\"POSTMASTER\",\"recipients\":[{" + refused + "]},"
                + "{\"kind\":\"RELAYED\",\"recipients\":[{" + accepted + "]},"
                + "{\"kind\":\"ON_SUCCESS\",\"recipients\":[{" + accepted + "]}],\"lastSaid\":["
                + "{\"outcome\":\"failed\"," + refused + ",{\"outcome\":\"accepted\"," + accepted + "]}";
        MailState state = MailStateCodec.fromJson(json);

        assertThat(state.notifications())
                .extracting(notification -> notification.kind() + " " + notification.addressee())
                .containsExactly("FAILURE SENDER", "FAILURE POSTMASTER", "SUCCESS SENDER", "SUCCESS SUCCESS_PROCESSOR");
        assertThat(state.notifications().get(0).recipients())
                .extracting(report -> report.outcome() + " " + report.code() + " " + report.isPermanent())
                .containsExactly("FAILED Optional[550] true", "DEFERRED Optional.empty false");
        assertThat(state.notifications().get(3).recipients())
                .isEqualTo(List.of(state.lastSaid().get(1)));
        assertThat(state.lastSaid())
                .extracting(RecipientReport::outcome)
                .containsExactly(Outcome.FAILED, Outcome.ACCEPTED);
        assertThat(MailStateCodec.toJson(state)).isEqualTo(json);
    }

    @Test
    void aStateWithoutAFormatHasTheFirst() throws Exception {
        String json = MailStateCodec.toJson(state());
        assertThat(json).doesNotContain("format");
        assertThat(MailStateCodec.fromJson(json.replaceFirst("\\{", "{\"format\":1,")))
                .isEqualTo(state());
    }

    @Test
    void aStateOfALaterFormatIsRefusedInOneLine() {
        Mail mail = mail("Mail1", "x@a.example");
        String later = MailStateCodec.toJson(state()).replaceFirst("\\{", "{\"format\":2,");
        mail.setAttribute(new Attribute(MailStateCodec.ATTRIBUTE, AttributeValue.of(later)));
        assertThatThrownBy(() -> MailStateCodec.read(mail, NOW))
                .hasMessage("its state has format 2, written by a later version; this one reads up to 1");
    }

    @Test
    void whatWasToldOfAnExpiredMailKeepsItsLastStatus() throws Exception {
        RecipientReport told = RecipientReport.local(
                        SampleMails.address("x@a.example"), Outcome.DEFERRED, "4.4.1", "no connection", NOW)
                .expired("too late", true);
        assertThat(told.status()).isEqualTo("5.4.7");
        assertThat(told.lastStatus()).contains("4.4.1");
        MailState state = state().withNotifications(
                        List.of(new Notification(DsnKind.FAILURE, Notification.Addressee.POSTMASTER, List.of(told))));
        assertThat(MailStateCodec.fromJson(MailStateCodec.toJson(state))).isEqualTo(state);
    }

    @Test
    void itsTimesAreFromTheBeginningThoseThatWillBeRead() throws Exception {
        Instant precise = NOW.plusNanos(1_234_567);
        MailState state = state(precise)
                .withDue(precise)
                .withHold(new Hold(Hold.Kind.HELD, "audit", precise, Optional.of(precise.plusSeconds(60))));
        assertThat(MailStateCodec.fromJson(MailStateCodec.toJson(state))).isEqualTo(state);
    }

    @Test
    void aMailWithoutStateIsTakenAsItStands() {
        assertAdopted(MailStateCodec.read(mail("Mail1", "x@a.example", "y@a.example"), NOW));
    }

    @Test
    void anAttributeThatIsNoTextIsNoState() {
        Mail mail = mail("Mail1", "x@a.example", "y@a.example");
        mail.setAttribute(new Attribute(MailStateCodec.ATTRIBUTE, AttributeValue.of(17)));
        assertAdopted(MailStateCodec.read(mail, NOW));
    }

    @Test
    void removingTheStateLeavesNothingBehind() {
        Mail mail = mail("Mail1", "x@a.example");
        MailStateCodec.write(state(), mail);
        MailStateCodec.remove(mail);
        assertThat(mail.attributes()).isEmpty();
    }

    @Test
    void anAttemptOfAnEarlierVersionHasNeitherTlsNorStage() throws Exception {
        MailState state = MailStateCodec.fromJson(
                "{\"id\":\"a\",\"seq\":3,\"name\":\"Mail1\",\"accepted\":1000,\"due\":2000,"
                        + "\"history\":[{\"at\":1500,\"host\":\"mx.example\",\"outcome\":\"deferred\",\"text\":\"421 later\"}]}");

        assertThat(state.history())
                .containsExactly(new PastAttempt(
                        Instant.ofEpochMilli(1500),
                        Optional.of("mx.example"),
                        Optional.empty(),
                        Optional.empty(),
                        "deferred",
                        "421 later"));
    }

    private static void assertAdopted(MailState state) {
        assertThat(state.name()).isEqualTo("Mail1");
        assertThat(state.recipients()).isEqualTo(addresses("x@a.example", "y@a.example"));
        assertThat(state.recordId().sequence()).isZero();
        assertThat(state.attempts()).isZero();
        assertThat(state.due()).isEqualTo(NOW);
    }

    private static MailState state() {
        return state(NOW);
    }

    private static MailState state(Instant now) {
        RecipientReport told = RecipientReport.of(
                SampleMails.address("x@a.example"),
                Outcome.FAILED,
                "5.1.1",
                Optional.of("550 5.1.1 no"),
                Optional.of("mx.example"),
                Optional.of("mx.example"),
                Optional.empty(),
                "refused",
                now);
        return MailState.admitted("id", "Mail1", now, addresses("x@a.example"))
                .withAttempt(new PastAttempt(
                        now, Optional.of("mx.example"), Optional.empty(), Optional.empty(), "deferred", "421 later"))
                .withNotifications(List.of(new Notification(DsnKind.FAILURE, List.of(told))));
    }
}
