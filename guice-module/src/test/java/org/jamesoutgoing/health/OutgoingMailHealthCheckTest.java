/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.james.core.healthcheck.Result;
import org.apache.james.core.healthcheck.ResultStatus;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.jamesoutgoing.delivery.Suspension;
import org.jamesoutgoing.queue.MailStateCodec;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.service.ControlRegistry;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.service.Suspendable;
import org.jamesoutgoing.webadmin.RunningServices;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Over services that run. */
class OutgoingMailHealthCheckTest {

    private final RunningServices james = new RunningServices();

    @AfterEach
    void stop() {
        james.close();
    }

    private Result check() {
        return Mono.from(james.part(OutgoingMailHealthCheck.class).check()).block(Duration.ofMinutes(1));
    }

    private void assertHealth(ResultStatus status, String cause) {
        Result result = check();
        assertThat(result.getCause().orElse("")).isEqualTo(cause);
        assertThat(result.getStatus()).isEqualTo(status);
    }

    private void assertHealthSoon(ResultStatus status, String cause) {
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertHealth(status, cause));
    }

    private OutgoingMailService start() throws Exception {
        return james.start("outgoing", Map.of());
    }

    private OutgoingMailService startWithRoomFor(int mails) throws Exception {
        return james.start("outgoing", Map.of("maxQueueMails", Integer.toString(mails)));
    }

    private static void list(OutgoingMailService service, QueueState state, int mails, Instant acceptedAt)
            throws Exception {
        for (int i = 0; i < mails; i++) {
            RunningServices.list(service, "mail-" + i, state, acceptedAt, "a@s.example", "b@r.example");
        }
    }

    private void suspend(Suspendable what, Optional<Instant> until) throws Exception {
        ControlRegistry controls = james.part(ControlRegistry.class);
        OutgoingMailService service = james.services().services().get("outgoing");
        controls.change(
                "outgoing",
                service.settings().controls(),
                before -> before.suspended(what, new Suspension("moving", Instant.now(), until)));
    }

    @Test
    void itIsCalledOutgoingMail() {
        assertThat(james.part(OutgoingMailHealthCheck.class).componentName().getName())
                .isEqualTo("Outgoing mail");
    }

    @Test
    void withoutServicesItIsHealthy() {
        assertHealth(ResultStatus.HEALTHY, "");
    }

    @Test
    void aServiceWithMailThatWaitsIsHealthy() throws Exception {
        list(startWithRoomFor(10), QueueState.DEFERRED, 7, Instant.now());

        assertHealth(ResultStatus.HEALTHY, "");
    }

    @Test
    void aQueueAbove80PercentIsDegraded() throws Exception {
        list(startWithRoomFor(10), QueueState.DEFERRED, 8, Instant.now());

        assertHealthSoon(ResultStatus.DEGRADED, "queue outgoing: the queue is above 80 %: 8 of 10 mails");
    }

    @Test
    void aFullQueueIsUnhealthy() throws Exception {
        list(startWithRoomFor(3), QueueState.QUEUED, 3, Instant.now());

        assertHealthSoon(ResultStatus.UNHEALTHY, "queue outgoing: the queue is full: 3 of 3 mails");
    }

    @Test
    void mailThatWaitsForRoomIsDegraded() throws Exception {
        list(start(), QueueState.OVERFLOW, 2, Instant.now());

        assertHealth(ResultStatus.DEGRADED, "queue outgoing: 2 mails wait for room in the queue");
    }

    @Test
    void aMailBeyondHalfItsLifetimeIsDegraded() throws Exception {
        OutgoingMailService service = james.start("outgoing", Map.of("queueLifetime", "100h"));
        list(service, QueueState.DEFERRED, 1, Instant.now().minus(Duration.ofHours(60)));

        assertHealth(ResultStatus.DEGRADED, "queue outgoing: mail mail-0 has used 60 % of its queue lifetime");
    }

    @Test
    void mailWithinHalfItsLifetimeIsHealthy() throws Exception {
        OutgoingMailService service = james.start("outgoing", Map.of("queueLifetime", "100h"));
        list(service, QueueState.DEFERRED, 1, Instant.now().minus(Duration.ofHours(49)));

        assertHealth(ResultStatus.HEALTHY, "");
    }

    @Test
    void aSuspendedServiceIsDegraded() throws Exception {
        start();
        suspend(new Suspendable.Service(), Optional.empty());

        assertHealth(ResultStatus.DEGRADED, "queue outgoing: delivery is suspended: moving");
    }

    @Test
    void suspendedDomainsAndHostsAreDegraded() throws Exception {
        start();
        suspend(new Suspendable.Domain("b.example"), Optional.empty());
        suspend(new Suspendable.Domain("a.example"), Optional.of(Instant.now().plusSeconds(3600)));
        suspend(new Suspendable.Host("mx.example"), Optional.empty());

        assertHealth(
                ResultStatus.DEGRADED,
                "queue outgoing: delivery is suspended, domains: a.example, b.example;"
                        + " delivery is suspended, hosts: mx.example");
    }

    @Test
    void ofManySuspendedDomainsThreeAreNamed() throws Exception {
        start();
        for (String name : new String[] {"e", "d", "c", "b", "a"}) {
            suspend(new Suspendable.Domain(name + ".example"), Optional.empty());
        }

        assertHealth(
                ResultStatus.DEGRADED,
                "queue outgoing: delivery is suspended, domains: a.example, b.example, c.example and 2 more");
    }

    @Test
    void aSuspensionThatHasEndedIsHealthy() throws Exception {
        start();
        suspend(new Suspendable.Service(), Optional.of(Instant.now().plusMillis(300)));

        assertHealthSoon(ResultStatus.HEALTHY, "");
    }

    @Test
    void aDrainedServiceIsDegraded() throws Exception {
        start().drain(begun -> {});

        assertHealth(ResultStatus.DEGRADED, "queue outgoing: it is stopped or drained; James must be started again");
    }

    @Test
    void anOutgoingQueueThatCannotBeReadIsUnhealthy() throws Exception {
        james.whenQueuesAreRead(Flux.error(new IllegalStateException("no broker")));
        start();

        assertHealthSoon(
                ResultStatus.UNHEALTHY,
                "queue outgoing: the outgoing queue cannot be read: java.lang.IllegalStateException: no broker");
    }

    @Test
    void aQueuedMailThatALaterVersionWroteIsDegradedAndCountedAsUnread() throws Exception {
        MailImpl mail =
                MailImpl.builder().name("later").sender("a@here.example").build();
        mail.setAttribute(new Attribute(MailStateCodec.ATTRIBUTE, AttributeValue.of("{\"format\":2}")));
        james.queue(mail);
        OutgoingMailService service = start();

        assertHealthSoon(
                ResultStatus.DEGRADED,
                "queue outgoing: 1 queued mail cannot be read:"
                        + " org.jamesoutgoing.queue.MailStateCodec$NewerFormatException: its state has format 2,"
                        + " written by a later version; this one reads up to 1");
        assertThat(service.ledger().unread()).isOne();
    }

    @Test
    void aWaitingRoomThatFailsIsUnhealthyUntilItWorksAgain() throws Exception {
        start();
        james.whenRepositoriesAreCounted(() -> {
            throw new IllegalStateException("disk\r\nfull");
        });

        assertHealth(
                ResultStatus.UNHEALTHY,
                "queue outgoing: the waiting room fails: waiting room: java.lang.IllegalStateException: disk full");

        james.whenRepositoriesAreCounted(() -> {});

        assertHealth(ResultStatus.HEALTHY, "");
    }

    @Test
    void dnsThatDoesNotAnswerIsDegraded() throws Exception {
        // James's DNS throws in this test.
        OutgoingMailService service = start();
        for (String name : new String[] {"a.example", "b.example", "c.example"}) {
            service.trace(name);
        }

        Result result = check();

        assertThat(result.getStatus()).isEqualTo(ResultStatus.DEGRADED);
        assertThat(result.getCause().orElse("")).contains("DNS: ").contains("look-ups failed");
    }

    @Test
    void oneDomainWithoutDnsIsItsOwnAffair() throws Exception {
        OutgoingMailService service = start();
        for (int i = 0; i < 5; i++) {
            service.trace("a.example");
        }

        assertHealth(ResultStatus.HEALTHY, "");
    }

    @Test
    void allCausesOfAServiceStandInOneLineTheWorstFirst() throws Exception {
        OutgoingMailService service = james.start("outgoing", Map.of("maxQueueMails", "2", "enabled", "false"));
        list(service, QueueState.DEFERRED, 2, Instant.now());

        assertHealthSoon(
                ResultStatus.UNHEALTHY,
                "queue outgoing: the queue is full: 2 of 2 mails; delivery is suspended: enabled=false");
    }

    @Test
    void theWorstServiceCountsAndEachThatIsNotWellHasALine() throws Exception {
        OutgoingMailService full = james.start("a", Map.of("maxQueueMails", "1"));
        list(full, QueueState.DEFERRED, 1, Instant.now());
        james.start("b", Map.of());
        james.startSuspended("c");

        assertHealthSoon(
                ResultStatus.UNHEALTHY,
                "queue a: the queue is full: 1 of 1 mail\nqueue c: delivery is suspended: enabled=false");
    }

    @Test
    void itAnswersWithinSecondsWhileTheWaitingRoomHangs() throws Exception {
        start();
        CountDownLatch end = new CountDownLatch(1);
        james.whenRepositoriesAreCounted(() -> Uninterruptibles.awaitUninterruptibly(end));

        // Now, while nobody can read what is there.
        assertHealth(ResultStatus.UNHEALTHY, "queue outgoing: the waiting room fails: no answer within 3 s");

        end.countDown();
        assertHealthSoon(ResultStatus.HEALTHY, "");
    }
}
