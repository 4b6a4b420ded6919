/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.jamesoutgoing.administering.Webadmin.Answer;
import org.jamesoutgoing.testing.DnsServer;
import org.jamesoutgoing.testing.FreePort;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.NeedsDnsServer;
import org.jamesoutgoing.testing.StubDnsServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The DNS servers of a route, good and bad, one by one. */
@NeedsDnsServer
class DnsTestIT {

    private static DnsServer good;
    private static StubDnsServer silent;
    private static StubDnsServer refusing;
    private static StubDnsServer lying;
    private static JamesServer james;
    private static Webadmin webadmin;

    @BeforeAll
    static void start() throws Exception {
        good = DnsServer.on("127.0.0.1", FreePort.choose())
                .zone("example.test", "@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 127.0.0.2\nmx2 A 127.0.0.3")
                .start();
        silent = StubDnsServer.silent();
        refusing = StubDnsServer.refusing();
        lying = StubDnsServer.lying();
        james = JamesServer.start(JamesSetup.james()
                .protocols(JamesSetup.Protocol.WEBADMIN)
                .withExtensionLines()
                .outgoing("<dnsServers>" + good.hostAndPort() + "</dnsServers><dnsTimeout>500ms</dnsTimeout>"));
        webadmin = new Webadmin(james.webadminPort());
    }

    @AfterAll
    static void stop() throws Exception {
        james.close();
        lying.close();
        refusing.close();
        silent.close();
        good.close();
    }

    private static Answer test(String domain) throws Exception {
        Answer answer = webadmin.post("/outgoing/dns/test", "{\"domain\": \"" + domain + "\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private static void servers(String domain, String servers) throws Exception {
        assertThat(webadmin.put("/outgoing/routes/" + domain, "{\"dnsServers\": \"" + servers + "\"}")
                        .status())
                .isIn(201, 204);
    }

    @Test
    void aGoodServerAnswersByBothWays() throws Exception {
        Answer answer = test("example.test");
        assertThat(answer.at("/route")).isEqualTo("*");
        JsonNode server = answer.json().at("/servers/0");
        assertThat(server.get("server").asText()).isEqualTo(good.hostAndPort());
        assertThat(server.get("verdict").asText()).isEqualTo("good");
        for (String way : new String[] {"udp", "tcp"}) {
            JsonNode reply = server.get(way);
            assertThat(reply.get("reachable").asBoolean()).isTrue();
            assertThat(reply.get("answersMx").asBoolean()).isTrue();
            assertThat(reply.get("records"))
                    .extracting(JsonNode::asText)
                    .containsExactly("10 mx1.example.test", "20 mx2.example.test");
            assertThat(reply.get("milliseconds").asDouble()).isBetween(0.0, 500.0);
        }
        assertThat(answer.json().get("agree").asBoolean()).isTrue();
    }

    @Test
    void aDomainThatDoesNotExistIsAGoodAnswerToo() throws Exception {
        Answer answer = test("does-not-exist.test");
        assertThat(answer.at("/servers/0/verdict")).isEqualTo("good");
        assertThat(answer.at("/servers/0/udp/problem")).isEqualTo("no such name");
    }

    @Test
    void aSilentServerIsNamedBesideAGoodOne() throws Exception {
        servers("silent.example.test", silent.hostAndPort() + ";" + good.hostAndPort());
        Answer answer = test("silent.example.test");
        assertThat(answer.at("/route")).isEqualTo("silent.example.test");
        assertThat(answer.at("/servers/0/server")).isEqualTo(silent.hostAndPort());
        assertThat(answer.at("/servers/0/verdict")).isEqualTo("cannot be reached: no answer");
        assertThat(answer.json().at("/servers/0/udp/reachable").asBoolean()).isFalse();
        assertThat(answer.json().at("/servers/0/udp/milliseconds").asDouble()).isGreaterThan(400);
        assertThat(answer.at("/servers/1/verdict")).isEqualTo("good");
        assertThat(answer.json().get("agree").asBoolean()).isTrue();
    }

    @Test
    void aPortWhereNobodyListensIsSaidToBeOne() throws Exception {
        servers("closed.example.test", "127.0.0.1:" + FreePort.choose());
        assertThat(test("closed.example.test").at("/servers/0/verdict"))
                .isEqualTo("cannot be reached: nothing listens there");
    }

    @Test
    void aServerThatRefusesIsReachableButAnswersNoMx() throws Exception {
        servers("refused.example.test", refusing.hostAndPort());
        Answer answer = test("refused.example.test");
        assertThat(answer.json().at("/servers/0/udp/reachable").asBoolean()).isTrue();
        assertThat(answer.json().at("/servers/0/udp/answersMx").asBoolean()).isFalse();
        assertThat(answer.at("/servers/0/verdict")).isEqualTo("does not answer MX questions: REFUSED");
    }

    /** RFC 6761 §6.4: names below "invalid" do not exist. */
    @Test
    void aServerThatInventsNamesIsFoundOutAndDisagrees() throws Exception {
        servers("example.test", good.hostAndPort() + ", " + lying.hostAndPort());
        Answer answer = test("example.test");
        assertThat(webadmin.send("DELETE", "/outgoing/routes/example.test", "").status())
                .isEqualTo(204);
        assertThat(answer.at("/servers/0/verdict")).isEqualTo("good");
        assertThat(answer.json().at("/servers/1/inventsNames").asBoolean()).isTrue();
        assertThat(answer.at("/servers/1/verdict")).startsWith("gives addresses to names that do not exist");
        assertThat(answer.json().get("agree").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"domain\": \"*\"}",
                "{\"domain\": \"*.example.test\"}",
                "{\"domain\": \"a b\"}",
                "{\"domain\": \"[127.0.0.1]\"}",
                "{\"domain\": \"example.test\", \"queue\": \"other\"}",
                "{\"domains\": \"example.test\"}"
            })
    void aBadQuestionIsRefused(String body) throws Exception {
        Answer answer = webadmin.post("/outgoing/dns/test", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.at("/type")).isEqualTo("InvalidArgument");
        assertThat(answer.at("/details")).contains("allowed: ");
    }
}
