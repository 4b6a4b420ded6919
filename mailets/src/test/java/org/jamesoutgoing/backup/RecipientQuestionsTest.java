/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.backup.RecipientQuestions.Answer.LATER;
import static org.jamesoutgoing.backup.RecipientQuestions.Answer.REFUSED;
import static org.jamesoutgoing.backup.RecipientQuestions.Answer.TAKEN;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.james.core.MailAddress;
import org.awaitility.Awaitility;
import org.jamesoutgoing.backup.RecipientQuestions.Answer;
import org.jamesoutgoing.routing.NextHop;
import org.jamesoutgoing.routing.RelayHost;
import org.jamesoutgoing.routing.Resolution;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.RouteMode;
import org.jamesoutgoing.smtp.ConnectionSettings;
import org.jamesoutgoing.smtp.RecipientAnswer;
import org.jamesoutgoing.smtp.Reply;
import org.jamesoutgoing.smtp.SmtpHost;
import org.junit.jupiter.api.Test;

class RecipientQuestionsTest {

    private static final RecipientAnswer NO = new RecipientAnswer.Refused(Reply.of(550, "5.1.1 no such user"));
    private static final RecipientAnswer YES = new RecipientAnswer.Taken();
    private static final RecipientAnswer DOWN = new RecipientAnswer.Unreachable("connection refused");

    private final AtomicLong nanos = new AtomicLong();
    private final List<String> asked = new ArrayList<>();
    private final Map<String, CompletableFuture<RecipientAnswer>> hosts = new HashMap<>();
    private final MainServer main = new MainServer();
    private final RecipientQuestions questions = new RecipientQuestions(this::answer, Runnable::run, nanos::get);

    @Test
    void theMainServersWordCounts() throws Exception {
        says("main", YES);
        assertThat(ask("a@backup.test")).isEqualTo(TAKEN);
        says("main", NO);
        assertThat(ask("b@backup.test")).isEqualTo(REFUSED);
        says("main", new RecipientAnswer.Undecided("450 greylisted"));
        assertThat(ask("c@backup.test")).isEqualTo(TAKEN);
    }

    @Test
    void aYesCountsForTenMinutesInAnyCase() throws Exception {
        says("main", YES);
        ask("a@backup.test");
        says("main", NO);
        after(Duration.ofMinutes(9));
        assertThat(ask("A@Backup.test")).isEqualTo(TAKEN);
        after(Duration.ofMinutes(2));
        assertThat(ask("a@backup.test")).isEqualTo(REFUSED);
        assertThat(asked).hasSize(2);
    }

    @Test
    void aNoCountsForAMinute() throws Exception {
        says("main", NO);
        ask("a@backup.test");
        says("main", YES);
        after(Duration.ofSeconds(50));
        assertThat(ask("a@backup.test")).isEqualTo(REFUSED);
        after(Duration.ofSeconds(11));
        assertThat(ask("a@backup.test")).isEqualTo(TAKEN);
    }

    @Test
    void aMainServerThatIsDownIsLeftAloneForAMinute() throws Exception {
        says("main", NO);
        ask("known@backup.test");
        says("main", DOWN);
        assertThat(ask("a@backup.test")).isEqualTo(TAKEN);
        assertThat(ask("b@backup.test")).isEqualTo(TAKEN);
        assertThat(ask("known@backup.test")).isEqualTo(REFUSED);
        assertThat(asked).hasSize(2);
        after(Duration.ofSeconds(61));
        says("main", NO);
        assertThat(ask("b@backup.test")).isEqualTo(REFUSED);
    }

    @Test
    void theNextHostIsAskedWhenOneIsDown() throws Exception {
        main.hosts = List.of(host("first"), host("second"), host("third"));
        says("first", DOWN);
        says("second", NO);
        assertThat(ask("a@backup.test")).isEqualTo(REFUSED);
        assertThat(asked).containsExactly("first a@backup.test", "second a@backup.test");
    }

    @Test
    void anotherMainServerIsAskedAnew() throws Exception {
        says("main", YES);
        ask("a@backup.test");
        main.route = SampleRoute.to("other.test");
        main.hosts = List.of(host("other"));
        says("other", NO);
        assertThat(ask("a@backup.test")).isEqualTo(REFUSED);
    }

    @Test
    void whereTheMailCouldNotBeDeliveredNowItIsTakenAndWhereNeverItIsNot() throws Exception {
        main.resolution = new Resolution.NotNow("4.4.3", "DNS is down");
        assertThat(ask("a@backup.test")).isEqualTo(TAKEN);
        main.resolution = new Resolution.Undeliverable("5.1.10", "null MX");
        after(Duration.ofSeconds(31));
        assertThat(ask("a@backup.test")).isEqualTo(REFUSED);
        assertThat(asked).isEmpty();
    }

    @Test
    void aBugLetsTheRecipientInAndIsForgotten() throws Exception {
        main.bug = true;
        assertThat(ask("a@backup.test")).isEqualTo(TAKEN);
        main.bug = false;
        says("main", NO);
        assertThat(ask("a@backup.test")).isEqualTo(REFUSED);
        hosts.put("main", CompletableFuture.failedFuture(new IllegalStateException("bug")));
        assertThat(ask("b@backup.test")).isEqualTo(TAKEN);
        says("main", NO);
        assertThat(ask("b@backup.test")).isEqualTo(REFUSED);
    }

    @Test
    void noMoreThanSixteenQuestionsAreOpenAtATime() throws Exception {
        hosts.put("main", new CompletableFuture<>());
        List<CompletableFuture<Answer>> waiting = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            MailAddress recipient = new MailAddress(i + "@backup.test");
            waiting.add(CompletableFuture.supplyAsync(
                    () -> questions.ask(recipient, main), work -> new Thread(work).start()));
        }
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> askedNow() == 16);
        assertThat(ask("late@backup.test")).isEqualTo(LATER);
        hosts.get("main").complete(YES);
        waiting.forEach(answer -> assertThat(answer.join()).isEqualTo(TAKEN));
        assertThat(ask("late@backup.test")).isEqualTo(TAKEN);
    }

    private int askedNow() {
        synchronized (asked) {
            return asked.size();
        }
    }

    private Answer ask(String recipient) throws Exception {
        return questions.ask(new MailAddress(recipient), main);
    }

    private void says(String host, RecipientAnswer answer) {
        hosts.put(host, CompletableFuture.completedFuture(answer));
    }

    private void after(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private CompletableFuture<RecipientAnswer> answer(SmtpHost host, ConnectionSettings settings, String recipient) {
        synchronized (asked) {
            asked.add(host.name() + " " + recipient);
        }
        return hosts.get(host.name());
    }

    private static SmtpHost host(String name) {
        return new SmtpHost(name, 25, List.of());
    }

    private static final class SampleRoute {
        static Route to(String relayHost) {
            return Route.of(
                    "backup.test",
                    new RouteMode.Relay(List.of(RelayHost.parse(relayHost)), false, 25),
                    ConnectionSettings.defaults("us.test"));
        }
    }

    private static final class MainServer implements RecipientQuestions.Way {
        Route route = SampleRoute.to("main.test");
        List<SmtpHost> hosts = List.of(host("main"));
        Resolution resolution;
        boolean bug;

        @Override
        public Route routeOf(String domain) {
            return route;
        }

        @Override
        public Resolution resolve(String domain) {
            if (bug) {
                throw new IllegalStateException("bug");
            }
            return resolution != null ? resolution : new Resolution.Towards(new NextHop(hosts, "main"), hosts);
        }
    }
}
