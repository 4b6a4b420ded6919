/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.migrating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.core.MailAddress;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.awaitility.Awaitility;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.NeedsLowPorts;
import org.jamesoutgoing.testing.Patience;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.StubDnsServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * {@code OutgoingDelivery} does what {@code RemoteDelivery} does with the same parameters, but for what {@link Difference}
 * names. All scenarios go through one James at once, and are looked at when nothing is left to do.
 */
@NeedsLowPorts
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MigrationIT {

    private static final String REPOSITORY = "durable://var/mail/bounced";

    private static final String PROCESSORS =
            """
            <processor state="bounced">
              <mailet match="RemoteDeliveryFailedWithSMTPCode=550" class="{recorder}"><as>550</as></mailet>
              <mailet match="IsRemoteDeliveryPermanentError" class="{recorder}"><as>permanent</as></mailet>
              <mailet match="IsRemoteDeliveryTemporaryError" class="{recorder}"><as>temporary</as></mailet>
              <mailet match="All" class="{recorder}"><as>bounced</as></mailet>
              <mailet match="All" class="ToRepository"><repositoryPath>{repository}</repositoryPath></mailet>
            </processor>
            <processor state="succeeded">
              <mailet match="All" class="{recorder}"><as>succeeded</as></mailet>
              <mailet match="All" class="Null"/>
            </processor>
            <processor state="dsn-bounced">
              <mailet match="All" class="DSNBounce"><passThrough>false</passThrough></mailet>
            </processor>
            """
                    .replace("{recorder}", Recorder.class.getName())
                    .replace("{repository}", REPOSITORY);

    private final Zone zone = new Zone();
    private final Map<Side, Map<Scenario, Setup>> setups = new HashMap<>();
    /** By their parameters: mailets are shared by the scenarios that have the same. */
    private final Map<Side, Map<String, String>> ways = new HashMap<>();

    private final Map<Setup, Map<String, ReceivingServer>> servers = new HashMap<>();
    private final Map<Side, Map<Scenario, Map<Facet, String>>> results = new HashMap<>();
    private StubDnsServer dns;
    private JamesServer james;

    @BeforeAll
    void runAll() throws Exception {
        dns = zone.serve();
        JamesSetup setup = JamesSetup.james().dnsServer(Zone.SERVER);
        StringBuilder mailets = new StringBuilder();
        for (Side side : Side.values()) {
            Map<Scenario, Setup> ofSide = new LinkedHashMap<>();
            Map<String, String> waysOfSide = new LinkedHashMap<>();
            for (Scenario scenario : Scenario.values()) {
                Setup one = scenario.on(side, ofSide.size() + 1, zone);
                one.registerHosts();
                ofSide.put(scenario, one);
                if (!one.sender().isEmpty() && one.hasInbox()) {
                    setup.user(one.sender(), "secret");
                }
                servers.put(one, start(one));
                waysOfSide.computeIfAbsent(one.parameters(), any -> side.word() + "-" + waysOfSide.size());
            }
            waysOfSide.forEach((parameters, way) -> mailets.append("<mailet match=\"HasHeader=X-Way=")
                    .append(way)
                    .append("\" class=\"")
                    .append(side.mailet())
                    .append("\"><outgoing>")
                    .append(way)
                    .append("</outgoing>")
                    .append(parameters)
                    .append("</mailet>"));
            setups.put(side, ofSide);
            ways.put(side, waysOfSide);
        }
        String relay = "<processor state=\"relay\" enableJmx=\"true\">";
        james = JamesServer.start(
                setup.change("mailetcontainer.xml", text -> text.replace(relay, PROCESSORS + relay + mailets)));
        sendAll();
        awaitTheEnd();
        List<List<String>> kept = kept();
        for (Side side : Side.values()) {
            Map<Scenario, Map<Facet, String>> ofSide = new TreeMap<>();
            for (Map.Entry<Scenario, Setup> each : setups.get(side).entrySet()) {
                Setup one = each.getValue();
                ofSide.put(
                        each.getKey(),
                        new Result(
                                        side,
                                        one,
                                        servers.get(one),
                                        kept,
                                        one.hasInbox() && !one.sender().isEmpty()
                                                ? james.inbox(one.sender())
                                                : List.of())
                                .facets());
            }
            results.put(side, ofSide);
        }
    }

    private static Map<String, ReceivingServer> start(Setup setup) throws IOException {
        Map<String, ReceivingServer> started = new TreeMap<>();
        for (Host host : setup.hosts()) {
            host.start().ifPresent(server -> started.put(host.name(), server));
        }
        return started;
    }

    private void sendAll() throws Exception {
        try (SmtpSender smtp = james.smtp()) {
            for (Side side : Side.values()) {
                for (Setup setup : setups.get(side).values()) {
                    expect("250", smtp.command("MAIL FROM:<" + setup.sender() + "> " + setup.mailParameters()));
                    for (Map.Entry<String, String> recipient :
                            setup.recipients().entrySet()) {
                        expect("250", smtp.command("RCPT TO:<" + recipient.getKey() + "> " + recipient.getValue()));
                    }
                    expect("354", smtp.command("DATA"));
                    String way = ways.get(side).get(setup.parameters());
                    expect("250", smtp.data(setup.message(way).getBytes(StandardCharsets.UTF_8)));
                }
            }
        }
    }

    private static void expect(String code, String reply) {
        assertThat(reply).startsWith(code);
    }

    private void awaitTheEnd() {
        Awaitility.await()
                .atMost(Patience.LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .during(Duration.ofMillis(600))
                .untilAsserted(() -> {
                    for (String queue : queues()) {
                        assertThat(james.queue(queue).getSize()).as(queue).isZero();
                        assertThat(james.repositoryKeys("durable://var/mail/" + queue + "-waiting"))
                                .as(queue)
                                .isEmpty();
                    }
                    assertThat(james.queue("spool").getSize()).as("spool").isZero();
                });
    }

    private List<String> queues() {
        return ways.values().stream().flatMap(way -> way.values().stream()).toList();
    }

    private List<List<String>> kept() throws Exception {
        MailRepository repository = james.get(MailRepositoryStore.class).select(MailRepositoryUrl.from(REPOSITORY));
        List<List<String>> kept = new ArrayList<>();
        for (String key : james.repositoryKeys(REPOSITORY)) {
            kept.add(repository.retrieve(new MailKey(key)).getRecipients().stream()
                    .map(MailAddress::asString)
                    .sorted()
                    .toList());
        }
        return kept;
    }

    @AfterAll
    void stop() throws Exception {
        if (james != null) {
            james.close();
        }
        for (Map<String, ReceivingServer> each : servers.values()) {
            for (ReceivingServer server : each.values()) {
                server.close();
            }
        }
        dns.close();
    }

    @TestFactory
    Stream<DynamicTest> aClassNameChangesNothingThatIsNotDeclared() {
        return Arrays.stream(Scenario.values()).map(scenario -> dynamicTest(scenario.name(), () -> compare(scenario)));
    }

    private void compare(Scenario scenario) {
        Map<Facet, String> stock = results.get(Side.STOCK).get(scenario);
        Map<Facet, String> ours = results.get(Side.OURS).get(scenario);
        Set<Facet> differing = EnumSet.allOf(Facet.class);
        differing.removeIf(facet -> stock.get(facet).equals(ours.get(facet)));
        String shown = differing.stream()
                .map(facet -> "\n" + facet + "\n  RemoteDelivery: " + stock.get(facet) + "\n  ours: " + ours.get(facet))
                .collect(Collectors.joining());
        Set<Facet> declared = EnumSet.noneOf(Facet.class);
        for (Difference difference : scenario.differences()) {
            declared.addAll(difference.facets());
            assertThat(differing)
                    .as("%s shows no more:%s", difference, shown)
                    .containsAnyElementsOf(difference.facets());
        }
        assertThat(declared).as("undeclared:%s", shown).containsAll(differing);
    }

    @Test
    void eachDifferenceStandsInReadmeAndHasAScenario() throws Exception {
        String migration = Files.readString(Path.of("../README.md"))
                .split("## Migration from RemoteDelivery\n", 2)[1]
                .split("\n## ", 2)[0];
        Set<Difference> shown = Arrays.stream(Scenario.values())
                .flatMap(scenario -> scenario.differences().stream())
                .collect(Collectors.toSet());
        assertThat(shown).containsExactlyInAnyOrder(Difference.values());
        for (Difference difference : Difference.values()) {
            assertThat(migration).contains(difference.inReadme());
        }
    }
}
