/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.protocols.api.ProtocolSession.AttachmentKey;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.HookReturnCode;
import org.apache.james.server.core.MailImpl;
import org.apache.james.smtpserver.JamesMessageHook;
import org.apache.mailet.Mail;
import org.jamesoutgoing.hooks.OutgoingQueueHook.Room;
import org.jamesoutgoing.queue.Admission;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.QueueLimits;
import org.jamesoutgoing.queue.QueueUsage;
import org.junit.jupiter.api.Test;

/** Who is told to come back later, and for how long room is reserved. */
class OutgoingQueueHookTest {

    private static final AttachmentKey<Integer> SIZE = AttachmentKey.of("MESG_SIZE", Integer.class);
    private static final JamesMessageHook ANOTHER = (session, mail) -> HookResult.DECLINED;

    private final QueueLedger ledger = new QueueLedger(() -> 0);
    private final TreeMap<String, Room> rooms = new TreeMap<>();
    private final OutgoingQueueHook hook = new OutgoingQueueHook(
            () -> rooms,
            domains("here.example"),
            recipient -> recipient.getDomain().asString().equals("backup.example"));

    /** One client's connection. */
    private final class Client {
        final Map<State, Map<AttachmentKey<?>, Object>> attachments =
                Map.of(State.Connection, new HashMap<>(), State.Transaction, new HashMap<>());
        boolean mayRelay = true;
        final SMTPSession session = (SMTPSession) Proxy.newProxyInstance(
                SMTPSession.class.getClassLoader(),
                new Class<?>[] {SMTPSession.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "isRelayingAllowed" -> mayRelay;
                    case "getAttachment" -> Optional.ofNullable(
                            attachments.get((State) arguments[1]).get(arguments[0]));
                    case "setAttachment" -> Optional.ofNullable(
                            attachments.get((State) arguments[2]).put((AttachmentKey<?>) arguments[0], arguments[1]));
                    case "removeAttachment" -> Optional.ofNullable(
                            attachments.get((State) arguments[1]).remove(arguments[0]));
                    default -> throw new UnsupportedOperationException(method.getName());
                });

        HookResult rcpt(String sender, String recipient) throws Exception {
            HookResult result = hook.doRcpt(session, MaybeSender.getMailSender(sender), new MailAddress(recipient));
            answered();
            return result;
        }

        void assertTaken(String recipient) throws Exception {
            assertThat(rcpt("s@here.example", recipient)).isEqualTo(HookResult.DECLINED);
        }

        void assertLater(String recipient, String said) throws Exception {
            assertThat(rcpt("s@here.example", recipient))
                    .returns(HookReturnCode.denySoft(), HookResult::getResult)
                    .returns("452", HookResult::getSmtpRetCode)
                    .returns(said, HookResult::getSmtpDescription);
        }

        /** RSET, EHLO, or the end of DATA. */
        void reset() {
            attachments.get(State.Transaction).clear();
        }

        void answered() {
            assertThat(hook.onResponse(session, null, 0, null)).isNull();
        }

        Mail data(String... recipients) throws Exception {
            Mail mail = MailImpl.builder()
                    .name("mail")
                    .sender("s@here.example")
                    .addRecipients(recipients)
                    .build();
            assertThat(hook.onMessage(session, mail)).isEqualTo(HookResult.DECLINED);
            return mail;
        }
    }

    private void limits(long mails, long octets, long perDomain, long perSender) {
        rooms.put("outgoing", new Room(ledger, new QueueLimits(mails, octets, perDomain, perSender)));
    }

    private static DomainList domains(String own) {
        return (DomainList) Proxy.newProxyInstance(
                DomainList.class.getClassLoader(),
                new Class<?>[] {DomainList.class},
                (self, method, arguments) ->
                        method.getName().equals("containsDomain") && arguments[0].equals(Domain.of(own)));
    }

    @Test
    void atEachLimitTheRecipientIsRefusedForNowWithTheReason() throws Exception {
        Client first = new Client();
        Client second = new Client();
        limits(1, 0, 0, 0);
        first.assertTaken("a@one.example");
        second.assertLater("a@two.example", "4.3.1 the outgoing queue is full: 1 mails");
        limits(0, 1000, 0, 0);
        second.attachments.get(State.Transaction).put(SIZE, 1001);
        second.assertLater("a@two.example", "4.3.1 the outgoing queue is full: 1000 octets");
        limits(0, 0, 1, 0);
        second.assertLater("a@one.example", "4.3.1 too many mails wait for one.example: 1");
        second.assertTaken("a@two.example");
        limits(0, 0, 0, 2);
        new Client().assertLater("a@three.example", "4.7.1 too many mails of s@here.example wait: 2");
    }

    @Test
    void thoseWhoAreNotRelayedAreNotRefusedHere() throws Exception {
        limits(1, 0, 0, 0);
        new Client().assertTaken("a@one.example");
        Client client = new Client();
        client.assertTaken("a@here.example");
        client.mayRelay = false;
        client.assertTaken("a@two.example");
        client.assertTaken("a@here.example");
        client.assertLater("a@backup.example", "4.3.1 the outgoing queue is full: 1 mails");
    }

    @Test
    void oneMailTakesRoomOnceForEachDomain() throws Exception {
        limits(2, 0, 0, 0);
        Client client = new Client();
        client.assertTaken("a@one.example");
        client.assertTaken("b@one.example");
        client.assertTaken("a@two.example");
        client.assertLater("a@three.example", "4.3.1 the outgoing queue is full: 2 mails");
        client.assertTaken("c@one.example");
    }

    @Test
    void theRoomOfATransactionThatEndsWithoutAMailIsFree() throws Exception {
        limits(1, 0, 0, 0);
        Client resets = new Client();
        resets.assertTaken("a@one.example");
        resets.reset();
        resets.answered();
        Client leaves = new Client();
        leaves.assertTaken("a@one.example");
        hook.onDisconnect(leaves.session);
        Client beginsAnew = new Client();
        beginsAnew.assertTaken("a@one.example");
        beginsAnew.reset();
        beginsAnew.answered();
        beginsAnew.assertTaken("a@two.example");
    }

    @Test
    void aMailTakesItsRoomAlong() throws Exception {
        limits(1, 0, 0, 0);
        Client client = new Client();
        client.assertTaken("a@one.example");
        Mail mail = client.data("a@one.example", "b@here.example");
        client.reset();
        client.answered();
        hook.onDisconnect(client.session);
        client.assertLater("a@one.example", "4.3.1 the outgoing queue is full: 1 mails");
        ledger.free((String) mail.getAttribute(Admission.RESERVATION)
                .orElseThrow()
                .getValue()
                .value());
        client.assertTaken("a@one.example");
    }

    @Test
    void aMailThatIsRefusedAfterItsDataNeedsNoRoom() throws Exception {
        limits(1, 0, 0, 0);
        Client client = new Client();
        client.assertTaken("a@one.example");
        client.data("a@one.example");
        HookResult no =
                HookResult.builder().hookReturnCode(HookReturnCode.deny()).build();
        assertThat(hook.onHookResult(client.session, no, 0, ANOTHER)).isSameAs(no);
        new Client().assertTaken("a@one.example");
    }

    @Test
    void aMailWhoseOtherRecipientsHaveBeenRefusedNeedsNoRoom() throws Exception {
        limits(1, 0, 0, 0);
        Client client = new Client();
        client.assertTaken("a@one.example");
        assertThat(client.data("b@here.example").getAttribute(Admission.RESERVATION))
                .isEmpty();
        new Client().assertTaken("a@one.example");
    }

    @Test
    void whileNothingIsLimitedNothingIsReserved() throws Exception {
        limits(0, 0, 0, 0);
        Client client = new Client();
        client.assertTaken("a@one.example");
        assertThat(client.data("a@one.example").getAttribute(Admission.RESERVATION))
                .isEmpty();
    }

    @Test
    void theQueueIsTheOneNamedOrTheOnlyOneOrTheOneNamedOutgoing() throws Exception {
        new Client().assertTaken("a@one.example");
        rooms.put("partners", new Room(ledger, new QueueLimits(1, 0, 0, 0)));
        new Client().assertTaken("a@one.example");
        new Client().assertLater("a@one.example", "4.3.1 the outgoing queue is full: 1 mails");
        rooms.put("departments", new Room(new QueueLedger(() -> 0), new QueueLimits(9, 0, 0, 0)));
        new Client().assertTaken("a@one.example");
        rooms.put("outgoing", new Room(ledger, new QueueLimits(1, 0, 0, 0)));
        new Client().assertLater("a@one.example", "4.3.1 the outgoing queue is full: 1 mails");
        BaseHierarchicalConfiguration config = new BaseHierarchicalConfiguration();
        config.addProperty("queue", "departments");
        hook.init(config);
        new Client().assertTaken("a@one.example");
        rooms.remove("departments");
        new Client().assertTaken("a@one.example");
    }

    @Test
    void aSizeBelowZeroMakesNoRoom() throws Exception {
        limits(0, 1000, 0, 0);
        Client liar = new Client();
        liar.attachments.get(State.Transaction).put(SIZE, -1000);
        liar.assertTaken("a@one.example");
        Client client = new Client();
        client.attachments.get(State.Transaction).put(SIZE, 1001);
        client.assertLater("a@two.example", "4.3.1 the outgoing queue is full: 1000 octets");
    }

    @Test
    void aConnectionThatWasRefusedAtOnceEndsWithoutTrouble() {
        hook.onDisconnect(null);
        assertThat(ledger.usage()).isEqualTo(QueueUsage.NOTHING);
    }

    @Test
    void whatCannotBeToldIsTaken() throws Exception {
        limits(1, 0, 0, 0);
        new Client().assertTaken("a@one.example");
        OutgoingQueueHook broken = new OutgoingQueueHook(
                () -> {
                    throw new IllegalStateException("stopped");
                },
                domains("here.example"),
                recipient -> false);
        assertThat(broken.doRcpt(new Client().session, MaybeSender.nullSender(), new MailAddress("a@one.example")))
                .isEqualTo(HookResult.DECLINED);
    }
}
