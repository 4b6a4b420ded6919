/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import org.jamesoutgoing.administering.Webadmin.Answer;
import org.jamesoutgoing.testing.DnsServer;
import org.jamesoutgoing.testing.FreePort;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.NeedsDnsServer;
import org.jamesoutgoing.testing.Patience;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.StubDnsServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an administrator sees before anything happens, of a whole James that asks a real DNS server. */
@NeedsDnsServer
class TraceIT {

    private static DnsServer dns;
    private static StubDnsServer silent;
    private static ReceivingServer receiver;
    private static JamesServer james;
    private static Webadmin webadmin;

    @BeforeAll
    static void start() throws Exception {
        dns = DnsServer.on("127.0.0.1", FreePort.choose())
                .zone("two.test", "@ MX 20 backup\n@ MX 10 main\nmain A 127.0.0.2\nmain AAAA ::1\nbackup A 127.0.0.3")
                .zone("own.test", "@ A 127.0.0.4")
                .zone("cache.test", "@ MX 10 mx\nmx A 127.0.0.5")
                .zone("strict.test", "@ MX 10 mx\nmx A 127.0.0.5\nmx A 192.0.2.5")
                .zone("null.test", "@ MX 0 .")
                .zone("nothing.test", "www A 127.0.0.6")
                .zone("loop.test", "@ MX 10 better\n@ MX 20 us.james.test.\n@ MX 30 worse\nbetter A 127.0.0.2")
                .zone("own-only.test", "@ MX 10 us.james.test.")
                .broken("broken.test")
                .start();
        silent = StubDnsServer.silent();
        receiver = ReceivingServer.start();
        james = JamesServer.start(JamesSetup.james()
                .protocols(JamesSetup.Protocol.SMTP, JamesSetup.Protocol.WEBADMIN)
                .withExtensionLines()
                .user("alice@james.test", "secret")
                .outgoing("<heloName>us.james.test</heloName><dnsServers>" + dns.hostAndPort() + "</dnsServers><port>"
                        + receiver.port()
                        + "</port><dnsTimeout>500ms</dnsTimeout><localExchangers>true</localExchangers>"));
        webadmin = new Webadmin(james.webadminPort());
    }

    @AfterAll
    static void stop() throws Exception {
        james.close();
        receiver.close();
        silent.close();
        dns.close();
    }

    private static String route(String domain, String options) throws Exception {
        Answer answer = webadmin.put("/outgoing/routes/" + domain, options);
        assertThat(answer.status()).as(answer.body()).isIn(201, 204);
        return domain;
    }

    @Test
    void independentModeShowsExchangersByPreferenceWithTheServerThatNamedThem() throws Exception {
        Answer answer = webadmin.trace("bob@two.test");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().fieldNames())
                .toIterable()
                .containsExactly(
                        "recipient", "queue", "route", "mode", "suspended", "dns", "hosts", "tls", "lane", "outcome");
        assertThat(answer.at("/route/name")).isEqualTo("*");
        assertThat(answer.at("/route/match")).isEqualTo("default");
        assertThat(answer.at("/mode")).isEqualTo("independent");
        JsonNode hosts = answer.json().get("hosts");
        assertThat(hosts.findValuesAsText("host")).containsExactly("main.two.test", "backup.two.test");
        assertThat(hosts.findValuesAsText("preference")).containsExactly("10", "20");
        assertThat(hosts.get(0).get("addresses"))
                .extracting(JsonNode::asText)
                .containsExactly("0:0:0:0:0:0:0:1", "127.0.0.2");
        JsonNode mx = answer.json().at("/dns/0");
        assertThat(mx.get("name").asText()).isEqualTo("two.test");
        assertThat(mx.get("type").asText()).isEqualTo("MX");
        assertThat(mx.get("records"))
                .extracting(JsonNode::asText)
                .containsExactly("10 main.two.test", "20 backup.two.test");
        assertThat(mx.get("servers")).extracting(JsonNode::asText).containsExactly(dns.hostAndPort());
        assertThat(mx.get("secondsLeft").asLong()).isBetween(50L, 60L);
        assertThat(answer.at("/tls/policy")).isEqualTo("opportunistic");
        assertThat(answer.at("/lane/state")).isEqualTo("none");
        assertThat(answer.at("/outcome/action")).isEqualTo("attempt");
    }

    @Test
    void theSecondTimeTheAnswerComesFromTheCache() throws Exception {
        assertThat(webadmin.trace("bob@cache.test").json().at("/dns/0/cached").asBoolean())
                .isFalse();
        Answer again = webadmin.trace("bob@cache.test");
        assertThat(again.json().get("dns").findValuesAsText("cached")).containsOnly("true");
        assertThat(again.json().at("/dns/0/servers/0").asText()).isEqualTo(dns.hostAndPort());
    }

    @Test
    void aDomainWithoutMxRecordIsItsOwnExchanger() throws Exception {
        Answer answer = webadmin.trace("bob@own.test");
        assertThat(answer.at("/hosts/0/host")).isEqualTo("own.test");
        assertThat(answer.at("/dns/0/problem")).isEqualTo("no MX record");
    }

    @Test
    void anExactRouteIsBeforeAWildcardAndThatBeforeTheDefault() throws Exception {
        route("*.layers.test", "{\"relayHosts\": \"127.0.0.7\"}");
        route("a.layers.test", "{\"relayHosts\": \"127.0.0.8:2500\", \"tls\": \"none\"}");
        Answer exact = webadmin.trace("bob@A.layers.test");
        assertThat(exact.at("/route/match")).isEqualTo("exact");
        assertThat(exact.at("/route/origin")).isEqualTo("runtime");
        assertThat(exact.at("/mode")).isEqualTo("relay");
        assertThat(exact.at("/hosts/0/host")).isEqualTo("127.0.0.8");
        assertThat(exact.at("/hosts/0/port")).isEqualTo("2500");
        assertThat(exact.at("/tls/policy")).isEqualTo("none");
        assertThat(exact.json().get("dns")).isEmpty();
        Answer wildcard = webadmin.trace("bob@x.b.layers.test");
        assertThat(wildcard.at("/route/name")).isEqualTo("*.layers.test");
        assertThat(wildcard.at("/route/match")).isEqualTo("wildcard");
        Answer none = webadmin.trace("bob@layers.test");
        assertThat(none.at("/route/match")).isEqualTo("default");
    }

    /** RFC 5321 §5.1. */
    @Test
    void thisServerItselfAndWhatIsNotBetterIsSkipped() throws Exception {
        Answer answer = webadmin.trace("bob@loop.test");
        assertThat(answer.json().get("hosts").findValuesAsText("host")).containsExactly("better.loop.test");
        assertThat(answer.json().get("skipped"))
                .extracting(skipped ->
                        skipped.get("host").asText() + ": " + skipped.get("why").asText())
                .containsExactly("us.james.test: this server itself", "worse.loop.test: not preferred to this server");
        Answer only = webadmin.trace("bob@own-only.test");
        assertThat(only.at("/outcome/status")).isEqualTo("5.4.6");
        assertThat(only.at("/skipped/0/host")).isEqualTo("us.james.test");
    }

    @Test
    void anAddressThatNoMailGoesToIsSkipped() throws Exception {
        route("strict.test", "{\"localExchangers\": false}");
        Answer answer = webadmin.trace("bob@strict.test");
        assertThat(answer.json().at("/hosts/0/addresses")).hasSize(1);
        assertThat(answer.at("/hosts/0/addresses/0")).isEqualTo("192.0.2.5");
        assertThat(answer.json().get("skipped")).hasSize(1);
        assertThat(answer.at("/skipped/0/host")).isEqualTo("mx.strict.test");
        assertThat(answer.at("/skipped/0/why")).isEqualTo("127.0.0.5 is a loopback address");
    }

    @Test
    void whatWillFailIsSaidWithItsStatus() throws Exception {
        Answer none = webadmin.trace("bob@does-not-exist.test");
        assertThat(none.at("/outcome/action")).isEqualTo("fail");
        assertThat(none.at("/outcome/status")).isEqualTo("5.1.2");
        assertThat(none.at("/dns/0/problem")).isEqualTo("no such name");
        // RFC 7505
        assertThat(webadmin.trace("bob@null.test").at("/outcome/status")).isEqualTo("5.1.10");
        assertThat(webadmin.trace("bob@nothing.test").at("/outcome/status")).isEqualTo("5.4.4");
    }

    @Test
    void whatCannotBeToldNowIsDeferred() throws Exception {
        Answer broken = webadmin.trace("bob@broken.test");
        assertThat(broken.at("/outcome/action")).isEqualTo("defer");
        assertThat(broken.at("/outcome/status")).isEqualTo("4.4.3");
        assertThat(broken.at("/dns/0/problem")).contains("SERVFAIL");
    }

    @Test
    void aDnsServerThatIsDownIsNamedAndNobodyHangs() throws Exception {
        route("down.test", "{\"dnsServers\": \"" + silent.hostAndPort() + "\"}");
        Answer down = webadmin.trace("bob@down.test");
        assertThat(down.at("/outcome/action")).isEqualTo("defer");
        assertThat(down.at("/dns/0/problem"))
                .contains("DNS server " + silent.hostAndPort().replace(':', '#'), "no answer");
        assertThat(down.json().at("/dns/0/servers")).isEmpty();
    }

    @Test
    void aRelayWithoutAddressIsDeferred() throws Exception {
        route("lost.test", "{\"relayHosts\": \"relay.does-not-exist.test\"}");
        Answer lost = webadmin.trace("bob@lost.test");
        assertThat(lost.at("/outcome/action")).isEqualTo("defer");
        assertThat(lost.json().at("/hosts/0/addresses")).isEmpty();
    }

    @Test
    void aSuspendedRouteSaysSo() throws Exception {
        route("suspended.test", "{\"suspended\": true, \"relayHosts\": \"127.0.0.1\"}");
        Answer answer = webadmin.trace("bob@suspended.test");
        assertThat(answer.json().get("suspended").asBoolean()).isTrue();
        assertThat(answer.at("/outcome/action")).isEqualTo("suspended");
    }

    @Test
    void theLaneShowsWhatHappenedThere() throws Exception {
        route("lane.test", "{\"relayHosts\": \"127.0.0.1:" + receiver.port() + "\"}");
        james.send("alice@james.test", "bob@lane.test");
        await().atMost(Patience.LIMIT)
                .until(() -> !receiver.mailsTo("bob@lane.test").isEmpty());
        Answer open = webadmin.trace("bob@lane.test");
        assertThat(open.at("/lane/state")).isEqualTo("open");

        int closed = FreePort.choose();
        route(
                "closed.test",
                "{\"relayHosts\": \"127.0.0.1:" + closed + "\", \"resendDelays\": \"1s, 30s\", \"resendJitter\": 0}");
        james.send("alice@james.test", "bob@closed.test");
        await().atMost(Patience.LIMIT)
                .until(() -> webadmin.trace("bob@closed.test").at("/lane/state").equals("resting"));
        Answer resting = webadmin.trace("bob@closed.test");
        assertThat(resting.at("/lane/problem")).contains("127.0.0.1");
        assertThat(resting.at("/lane/restsUntil")).isNotEmpty();
        assertThat(resting.at("/outcome/action")).isEqualTo("defer");
    }

    @Test
    void nothingIsSent() throws Exception {
        try (ReceivingServer untouched = ReceivingServer.start()) {
            route("untouched.test", "{\"relayHosts\": \"127.0.0.1:" + untouched.port() + "\"}");
            webadmin.trace("bob@untouched.test");
            assertThat(untouched.connections()).isEmpty();
        }
    }

    @Test
    void aDomainMayBeWrittenAsPeopleWriteIt() throws Exception {
        route("m%C3%BCnchen.test", "{\"relayHosts\": \"127.0.0.1\"}");
        Answer answer = webadmin.trace("bob@M\u00fcnchen.test");
        assertThat(answer.at("/route/name")).isEqualTo("xn--mnchen-3ya.test");
        assertThat(answer.at("/route/match")).isEqualTo("exact");
    }

    @Test
    void anAddressLiteralHasTheDefaultRoute() throws Exception {
        Answer answer = webadmin.trace("bob@[127.0.0.9]");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.at("/route/match")).isEqualTo("default");
        assertThat(answer.at("/hosts/0/addresses/0")).isEqualTo("127.0.0.9");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"recipient\": null}",
                "{\"recipient\": \"\"}",
                "{\"recipient\": \"bob\"}",
                "{\"recipient\": \"@example.com\"}",
                "{\"recipient\": \"bob@\"}",
                "{\"recipient\": \"a b@example.com\"}",
                "{\"recipient\": \"bob@example.com\", \"queue\": \"other\"}",
                "{\"to\": \"bob@example.com\"}",
                "[]",
                "{"
            })
    void aBadQuestionIsRefused(String body) throws Exception {
        Answer answer = webadmin.post("/outgoing/routes/trace", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.at("/type")).isEqualTo("InvalidArgument");
        assertThat(answer.at("/details")).contains("allowed: ");
    }
}
