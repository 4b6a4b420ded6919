/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.Patience;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Repository;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Prometheus reads at James's {@code /metrics} when mail has been delivered, deferred and refused. */
class MetricsIT {

    private static final String ALICE = "alice@james.test";
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-zA-Z0-9_:]+)(\\{[^}]*})? (\\S+)$");
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `outgoing\\.<queue>\\.([a-z.<>-]+)`");
    private static final Pattern REASON = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|");

    private static ReceivingServer receiver;
    private static JamesServer james;
    private static Map<String, Double> samples;

    @BeforeAll
    static void deliver() throws Exception {
        receiver = ReceivingServer.start();
        receiver.answer(Stage.RCPT, "grey@example.org", Answer.reply("450 4.7.1 greylisted, come back later"));
        receiver.answer(Stage.RCPT, "nobody@example.org", Answer.reply("550 5.1.1 no such user"));
        james = JamesServer.start(JamesSetup.james()
                .protocols(JamesSetup.Protocol.SMTP, JamesSetup.Protocol.WEBADMIN)
                .withExtensionLines()
                .user(ALICE, "secret")
                .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>"));
        james.send(ALICE, "bob@example.org", "carol@example.org", "grey@example.org", "nobody@example.org");
        await().atMost(Patience.LIMIT).untilAsserted(() -> {
            samples = read();
            assertThat(samples).containsEntry("outgoing_outgoing_attempts_total", 1.0);
        });
    }

    @AfterAll
    static void stop() throws Exception {
        james.close();
        receiver.close();
    }

    private static Map<String, Double> read() throws Exception {
        Map<String, Double> read = new TreeMap<>();
        SAMPLE.matcher(james.webadmin("GET", "/metrics").body())
                .results()
                .forEach(sample -> read.put(sample.group(1), Double.valueOf(sample.group(3))));
        return read;
    }

    @Test
    void recipientsAreCountedByWhatCameOfThemAndWhy() {
        assertThat(samples)
                .containsEntry("outgoing_outgoing_accepted_total", 2.0)
                .containsEntry("outgoing_outgoing_deferred_total", 1.0)
                .containsEntry("outgoing_outgoing_deferred_greylisted_total", 1.0)
                .containsEntry("outgoing_outgoing_failed_total", 1.0)
                .containsEntry("outgoing_outgoing_failed_mailbox_unknown_total", 1.0)
                .containsEntry("outgoing_outgoing_expired_total", 0.0);
    }

    @Test
    void timesAreInSeconds() {
        assertThat(samples)
                .containsEntry("outgoing_outgoing_time_queue_count", 3.0)
                .containsEntry("outgoing_outgoing_time_connect_count", 1.0)
                .containsEntry("outgoing_outgoing_time_transaction_count", 1.0)
                .containsEntry("outgoing_outgoing_time_tls_count", 0.0);
        assertThat(samples.get("outgoing_outgoing_time_transaction")).isBetween(1e-6, 30.0);
        assertThat(samples.get("outgoing_outgoing_time_queue")).isBetween(1e-6, 30.0);
    }

    @Test
    void connectionsAreShown() {
        await().atMost(Patience.LIMIT).untilAsserted(() -> assertThat(read())
                .containsEntry("outgoing_outgoing_connections_open", 1.0)
                .containsEntry("outgoing_outgoing_connections_idle", 1.0)
                .containsEntry("outgoing_outgoing_connections_waiting", 0.0));
    }

    @Test
    void noNameSaysWhoWroteToWhom() {
        assertThat(samples.keySet()).noneMatch(name -> name.contains("example") || name.contains("alice"));
    }

    @Test
    void everythingInTheDashboardIsThere() throws Exception {
        JsonNode dashboard = new ObjectMapper()
                .readTree(Repository.conf().resolve("grafana-dashboard.json").toFile());
        Set<String> used = new TreeSet<>();
        for (String expression : dashboard.findValuesAsText("expr")) {
            Pattern.compile("outgoing_[a-z_]+")
                    .matcher(expression.replace("${queue}", "outgoing"))
                    .results()
                    .map(MatchResult::group)
                    .forEach(used::add);
        }
        assertThat(used).hasSizeGreaterThan(40);
        assertThat(samples.keySet()).containsAll(used);
        Pattern queues = Pattern.compile(
                dashboard.at("/templating/list/1/regex").asText().replaceAll("^/|/$", ""));
        assertThat(samples.keySet()).filteredOn(queues.asMatchPredicate()).hasSize(1);
    }

    @Test
    void theOperatingGuideNamesThemAll() throws Exception {
        String guide = Files.readString(Repository.conf().resolve("OPERATING.md"));
        String section = guide.split("\n## Metrics\n", 2)[1].split("\n##", 2)[0];
        Set<String> reasons =
                REASON.matcher(section).results().map(found -> found.group(1)).collect(toCollection(TreeSet::new));
        Set<String> documented = new TreeSet<>();
        DOCUMENTED.matcher(section).results().map(found -> found.group(1)).forEach(name -> {
            if (name.contains("<reason>")) {
                reasons.forEach(reason -> documented.add(name.replace("<reason>", reason)));
            } else {
                documented.add(name);
            }
        });
        Set<String> exposed = samples.keySet().stream()
                .filter(name -> name.startsWith("outgoing_outgoing_"))
                .map(name -> name.replace("outgoing_outgoing_", "").replaceAll("_(total|count)$", ""))
                .collect(toCollection(TreeSet::new));
        assertThat(exposed)
                .isEqualTo(documented.stream()
                        .map(name -> name.replaceAll("[.-]", "_"))
                        .collect(toCollection(TreeSet::new)));
    }
}
