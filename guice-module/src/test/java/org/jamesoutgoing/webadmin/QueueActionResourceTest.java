/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.james.core.MailAddress;
import org.apache.james.core.builder.MimeMessageBuilder;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.server.core.MailImpl;
import org.apache.james.task.TaskExecutionDetails;
import org.apache.james.task.TaskManager;
import org.jamesoutgoing.admin.QueueWork;
import org.jamesoutgoing.delivery.QueueAction;
import org.jamesoutgoing.queue.Hold;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.MailStateCodec;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.queue.RecordId;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.tasks.QueueActionTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** What can be done with mail, and what is answered. */
class QueueActionResourceTest {

    private static final Hold HELD = new Hold(Hold.Kind.HELD, "looked into", Instant.EPOCH, Optional.empty());

    private final RunningServices james = new RunningServices();

    @AfterEach
    void stop() {
        james.close();
    }

    /** A mail that waits for an hour. */
    private void store(String id, Optional<Hold> hold) throws Exception {
        MailState state = admitted(id)
                .withRecordId(new RecordId(id, 1))
                .withDue(Instant.now().plus(Duration.ofHours(1)));
        james.store(hold.isPresent() ? state.withHold(hold.get()) : state, mail(id));
    }

    private static MailState admitted(String id) throws Exception {
        return MailState.admitted(
                id, "name-of-" + id, Instant.now(), List.of(new MailAddress("bob@" + id + ".example")));
    }

    private static MailImpl mail(String id) throws Exception {
        return MailImpl.builder()
                .name("name-of-" + id)
                .sender("x@s.example")
                .addRecipient("bob@" + id + ".example")
                .mimeMessage(MimeMessageBuilder.mimeMessageBuilder()
                        .setSubject("subject")
                        .setText("text"))
                .build();
    }

    private OutgoingMailService deferred(String... ids) throws Exception {
        for (String id : ids) {
            store(id, Optional.empty());
        }
        return james.startSuspended("outgoing");
    }

    private JsonNode ok(String path) throws Exception {
        return answered(200, path);
    }

    private JsonNode answered(int status, String path) throws Exception {
        HttpResponse<String> answer = james.post(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return Webadmin.json(answer);
    }

    private void assertBad(String path, int status, String said) throws Exception {
        RunningServices.assertProblem(path, status, said, james.post(path));
    }

    private static QueueState state(OutgoingMailService service, String id) {
        return service.ledger().find(id).map(ListedMail::state).orElseThrow();
    }

    private QueueActionTask.Details end(String path) throws Exception {
        TaskExecutionDetails details = james.end(created(path));
        assertThat(details.getStatus()).isEqualTo(TaskManager.Status.COMPLETED);
        return (QueueActionTask.Details) details.getAdditionalInformation().orElseThrow();
    }

    private HttpResponse<String> created(String path) throws Exception {
        HttpResponse<String> answer = james.post(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Location").orElse(""))
                .isEqualTo("/tasks/" + Webadmin.json(answer).get("taskId").asText());
        return answer;
    }

    @Nested
    class OnOneMail {

        @Test
        void retryMakesItDue() throws Exception {
            OutgoingMailService service = deferred("a");

            assertThat(ok("/outgoing/queue/a?action=retry").toString())
                    .isEqualTo("{\"mail\":\"a\",\"action\":\"retry\",\"result\":\"done\"}");

            assertThat(service.ledger().find("a").orElseThrow().due()).isBeforeOrEqualTo(Instant.now());
        }

        @Test
        void deleteRemovesItBeforeItIsAnsweredAndNobodyIsTold() throws Exception {
            OutgoingMailService service = deferred("a");

            assertThat(ok("/outgoing/queue/a?action=delete").get("result").asText())
                    .isEqualTo("done");

            assertThat(james.stored()).isEmpty();
            assertThat(service.ledger().find("a")).isEmpty();
            assertThat(james.sent()).isEmpty();
            assertBad("/outgoing/queue/a?action=delete", 404, "There is no mail a here");
        }

        @Test
        void failTellsItsSender() throws Exception {
            OutgoingMailService service = deferred("a");

            ok("/outgoing/queue/a?action=fail&because=The%20order%20was%20cancelled");

            assertThat(james.stored()).isEmpty();
            assertThat(service.ledger().find("a")).isEmpty();
            assertThat(james.sent()).containsExactly("[x@s.example]");
        }

        @Test
        void holdKeepsItAndReleaseLetsItGo() throws Exception {
            OutgoingMailService service = deferred("a");

            ok("/outgoing/queue/a?action=hold&because=asked%20for&for=2h");

            assertThat(state(service, "a")).isEqualTo(QueueState.HELD);
            Hold hold = service.ledger().find("a").orElseThrow().hold().orElseThrow();
            assertThat(hold.reason()).isEqualTo("asked for");
            assertThat(Duration.between(hold.since(), hold.end()))
                    .isCloseTo(Duration.ofHours(2), Duration.ofMinutes(1));
            assertThat(james.stored()).containsExactly(new RecordId("a", 2).key());

            ok("/outgoing/queue/a?action=release");

            assertThat(state(service, "a")).isEqualTo(QueueState.DEFERRED);
            assertThat(service.ledger().find("a").orElseThrow().due()).isBeforeOrEqualTo(Instant.now());
        }

        @Test
        void aHoldMayEndAtATime() throws Exception {
            OutgoingMailService service = deferred("a");
            Instant end = Instant.now().plus(Duration.ofDays(3)).truncatedTo(ChronoUnit.SECONDS);

            ok("/outgoing/queue/a?action=hold&until=" + end);

            Hold hold = service.ledger().find("a").orElseThrow().hold().orElseThrow();
            assertThat(hold.until()).contains(end);
            assertThat(hold.reason()).isEqualTo("held by the administrator of this server");
        }

        @Test
        void itsNameWillDoIfNoOtherMailHasIt() throws Exception {
            OutgoingMailService service = deferred("a");

            assertThat(ok("/outgoing/queue/name-of-a?action=delete").get("mail").asText())
                    .isEqualTo("a");

            RunningServices.list(service, "b", QueueState.QUEUED, Instant.now(), "<>", "bob@b.example");
            OutgoingMailService other = james.startSuspended("other");
            RunningServices.list(other, "b", QueueState.QUEUED, Instant.now(), "<>", "bob@b.example");
            assertBad("/outgoing/queue/name-of-b?action=delete", 400, "several mails have this name");
            assertBad("/outgoing/queue/name-of-c?action=delete", 404, "There is no mail name-of-c here");
        }

        @Test
        void aHeldMailIsReleasedNotRetriedAndOnlySuchAOne() throws Exception {
            store("a", Optional.of(HELD));
            store("b", Optional.empty());
            james.startSuspended("outgoing");

            assertBad("/outgoing/queue/a?action=retry", 409, "The state of mail a does not allow retry");
            assertBad("/outgoing/queue/b?action=release", 409, "The state of mail b does not allow release");
        }

        @Test
        void whatIsNotAtHandIsAcceptedAndSeenToLater() throws Exception {
            Sinks.One<MailQueue.MailQueueItem> queue = Sinks.one();
            james.whenQueuesAreRead(queue.asMono().concatWith(Flux.never()));
            OutgoingMailService service = james.startSuspended("outgoing");
            RunningServices.list(service, "a", QueueState.QUEUED, Instant.now(), "x@s.example", "bob@a.example");

            assertThat(answered(202, "/outgoing/queue/a?action=delete")
                            .get("result")
                            .asText())
                    .isEqualTo("open");
            assertThat(state(service, "a")).isEqualTo(QueueState.QUEUED);

            MailImpl mail = mail("a");
            MailStateCodec.write(admitted("a"), mail);
            List<Object> taken = new CopyOnWriteArrayList<>();
            queue.emitValue(
                    Stub.of(
                            MailQueue.MailQueueItem.class,
                            Map.of("getMail", any -> mail, "done", status -> taken.add(status[0]))),
                    Sinks.EmitFailureHandler.FAIL_FAST);

            await().untilAsserted(() -> assertThat(service.ledger().find("a")).isEmpty());
            assertThat(taken).containsExactly(MailQueue.MailQueueItem.CompletionStatus.SUCCESS);
            assertThat(james.stored()).isEmpty();
            assertThat(james.sent()).isEmpty();
        }

        @Test
        @SuppressWarnings("FutureReturnValueIgnored") // It never comes: the other one wins.
        void whoeverComesLaterWins() throws Exception {
            OutgoingMailService service = james.startSuspended("outgoing");
            RunningServices.list(service, "a", QueueState.QUEUED, Instant.now(), "<>", "bob@b.example");
            CompletableFuture<QueueAction.Result> earlier =
                    service.act("a", new QueueAction(QueueAction.Kind.DELETE, Optional.empty(), Optional.empty()));

            assertThat(answered(202, "/outgoing/queue/a?action=hold")
                            .get("result")
                            .asText())
                    .isEqualTo("open");
            assertThat(earlier).isCompletedWithValue(QueueAction.Result.NOT_NOW);
        }

        @Test
        void theQueueNeedNotBeNamedWhenThereAreSeveral() throws Exception {
            store("a", Optional.empty());
            james.startSuspended("first");
            OutgoingMailService second = james.startSuspended("second");
            RunningServices.list(second, "b", QueueState.QUEUED, Instant.now(), "<>", "bob@b.example");

            ok("/outgoing/queue/b?action=retry");
            assertBad("/outgoing/queue/b?action=retry&queue=first", 404, "There is no mail b here");
            assertBad("/outgoing/queue/b?action=retry&queue=third", 400, "allowed: first, second");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "''|'action' is missing; allowed: retry, delete, fail, hold, release",
                    "action=bounce|'action'",
                    "action=delete&dryRun=true|'dryRun'",
                    "action=delete&domain=b.example|'domain'",
                    "action=delete&action=retry|'action' is given 2 times",
                    "action=hold&for=soon|'for'",
                    "action=hold&for=0s|'for'",
                    "action=hold&for=366d|'for'",
                    "action=hold&until=tomorrow|'until'",
                    "action=hold&until=2020-01-01T00:00:00Z|a time within 365 days to come",
                    "action=hold&until=9999-01-01T00:00:00Z|a time within 365 days to come",
                    "action=hold&until=2020-01-01T00:00:00Z&for=2h|allowed: one of them",
                    "action=retry&for=2h|only hold ends by itself",
                    "action=fail&because=a%0D%0Ab|'because'",
                    "action=fail&because=a%E2%80%A8b|'because'",
                })
        void badInputIsRefusedAndNothingHappens(String query, String said) throws Exception {
            deferred("a");

            assertBad("/outgoing/queue/a?" + query, 400, said);
            assertThat(james.stored()).hasSize(1);
        }

        @Test
        void aReasonIsOneLineOf200Characters() throws Exception {
            deferred("a");

            assertBad("/outgoing/queue/a?action=hold&because=" + "x".repeat(201), 400, "one line of 200 characters");
            ok("/outgoing/queue/a?action=hold&because=" + "x".repeat(200));
        }
    }

    @Nested
    class OnMany {

        @Test
        void everyMailThatTheFilterMeansIsActedOnAndNoOther() throws Exception {
            OutgoingMailService service = deferred("a", "b", "c");

            QueueActionTask.Details details = end("/outgoing/queue?action=delete&recipient=bob@b.example");

            assertThat(details.queue()).isEqualTo("outgoing");
            assertThat(details.action()).isEqualTo("delete");
            assertThat(details.filter()).isEqualTo(Map.of("recipient", "bob@b.example"));
            assertThat(details.progress()).isEqualTo(new QueueWork.Progress(1, 1, 0, 0, 0));
            assertThat(service.ledger().mails("").stream().map(ListedMail::id)).containsExactly("a", "c");
            assertThat(james.stored()).hasSize(2);
        }

        @ParameterizedTest
        @ValueSource(strings = {"retry", "fail", "hold"})
        void allTheOtherActionsToo(String action) throws Exception {
            OutgoingMailService service = deferred("a", "b", "c");

            assertThat(end("/outgoing/queue?action=" + action + "&all=true").progress())
                    .isEqualTo(new QueueWork.Progress(3, 3, 0, 0, 0));

            assertThat(james.sent()).hasSize(action.equals("fail") ? 3 : 0);
            assertThat(service.ledger().usage(QueueState.HELD).mails()).isEqualTo(action.equals("hold") ? 3 : 0);
        }

        @Test
        void heldMailIsReleased() throws Exception {
            store("a", Optional.of(HELD));
            store("b", Optional.of(HELD));
            OutgoingMailService service = james.startSuspended("outgoing");

            end("/outgoing/queue?action=release&state=held");

            assertThat(service.ledger().usage(QueueState.DEFERRED).mails()).isEqualTo(2);
        }

        @Test
        void whatCannotBeDoneMakesTheTaskAPartialOne() throws Exception {
            store("a", Optional.of(HELD));
            store("b", Optional.empty());
            james.startSuspended("outgoing");

            TaskExecutionDetails details = james.end(created("/outgoing/queue?action=retry&all=true"));

            assertThat(details.getStatus()).isEqualTo(TaskManager.Status.FAILED);
            assertThat(((QueueActionTask.Details)
                                    details.getAdditionalInformation().orElseThrow())
                            .progress())
                    .isEqualTo(new QueueWork.Progress(2, 1, 0, 1, 0));
        }

        @Test
        void aDryRunOnlyCounts() throws Exception {
            OutgoingMailService service = deferred("a", "b", "c");
            service.view().find("a");

            HttpResponse<String> answer =
                    james.post("/outgoing/queue?action=delete&recipient=bob@b.example&dryRun=true");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(Webadmin.json(answer).has("unread")).isTrue();
            assertThat(james.stored()).hasSize(3);
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(
                            ok("/outgoing/queue?action=delete&dryRun=true").toString())
                    .isEqualTo("{\"mails\":3,\"unread\":0}"));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "action=delete|every mail is meant; allowed: a filter",
                    "action=delete&all=false|every mail is meant; allowed: a filter",
                    "action=delete&all=maybe|'all'",
                    "action=delete&all=true&domain=b.example|all=true goes with no filter",
                    "action=delete&state=deferred&domain=|'domain' is empty",
                    "action=delete&domain=b.example&domain=c.example|'domain' is given 2 times",
                    "action=delete&colour=red|'colour'",
                    "action=delete&state=lost|'state'",
                    "action=delete&olderThan=yesterday|'olderThan'",
                    "action=delete&domain=b.example&dryRun=perhaps|'dryRun'",
                    "domain=b.example|'action' is missing",
                    "action=explode&domain=b.example|'action'",
                    "action=hold&for=never&domain=b.example|'for'",
                    "action=delete&domain=b.example&queue=other|allowed: outgoing",
                })
        void badInputIsRefusedAndNothingHappens(String query, String said) throws Exception {
            deferred("b");

            assertBad("/outgoing/queue?" + query, 400, said);
            assertThat(james.stored()).hasSize(1);
        }

        @Test
        void amongSeveralServicesTheQueueIsNamed() throws Exception {
            james.startSuspended("first");
            james.startSuspended("second");

            assertBad("/outgoing/queue?action=retry&all=true", 400, "'queue' is missing");
            assertThat(end("/outgoing/queue?action=retry&all=true&queue=second").queue())
                    .isEqualTo("second");
        }

        @Test
        void withoutAServiceThereIsNothingToDo() throws Exception {
            assertBad("/outgoing/queue?action=retry&all=true", 409, "No outgoing-mail service runs");
            assertBad("/outgoing/queue/a?action=retry", 409, "No outgoing-mail service runs");
            assertBad("/outgoing/drain", 409, "No outgoing-mail service runs");
        }
    }

    @Nested
    class Draining {

        @Test
        void takesNoParameterButTheQueue() throws Exception {
            james.startSuspended("outgoing");

            assertBad("/outgoing/drain?all=true", 400, "'all'");
        }

        @Test
        void aDrainedServiceDoesNothingMoreWithMail() throws Exception {
            OutgoingMailService service = james.startSuspended("outgoing");
            RunningServices.list(service, "a", QueueState.QUEUED, Instant.now(), "<>", "bob@b.example");

            assertThat(james.end(created("/outgoing/drain")).getStatus()).isEqualTo(TaskManager.Status.COMPLETED);

            assertBad("/outgoing/queue/a?action=retry", 409, "is drained");
            assertBad("/outgoing/queue?action=retry&all=true", 409, "is drained");
            assertThat(james.get("/outgoing/next-hops").statusCode()).isEqualTo(200);
            assertThat(james.get("/outgoing").statusCode()).isEqualTo(200);
            assertThat(james.get("/outgoing/queue/a").statusCode()).isEqualTo(200);
        }

        @Test
        void whatTheQueueDoesNotTakeMakesTheTaskFail() throws Exception {
            // The queue here takes nothing.
            deferred("a");

            assertThat(james.end(created("/outgoing/drain")).getStatus()).isEqualTo(TaskManager.Status.FAILED);

            assertThat(james.stored()).hasSize(1);
        }
    }
}
