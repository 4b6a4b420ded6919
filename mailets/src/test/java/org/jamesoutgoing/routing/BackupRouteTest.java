/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jamesoutgoing.dns.ExchangerLookup;
import org.jamesoutgoing.dns.ExchangerOptions;
import org.jamesoutgoing.dns.HostAddresses;
import org.jamesoutgoing.dns.HostsFile;
import org.jamesoutgoing.dns.Ourselves;
import org.jamesoutgoing.smtp.SmtpHost;
import org.junit.jupiter.api.Test;

/** A backup route leads to servers that are better than this one, or nowhere for now: never back here. */
class BackupRouteTest {

    private static final Ourselves WE =
            (name, addresses) -> name.equals("us.example") || addresses.contains(ScriptedDns.address("192.0.2.99"));

    private final ScriptedDns dns = new ScriptedDns();

    @Test
    void onlyExchangersBetterThanThisServerGetTheMail() { // RFC 5321 §5.1
        dns.mx(
                "a.example",
                "10 main.example",
                "15 second.example",
                "20 us.example",
                "20 equal.example",
                "30 worse.example");
        everyHostHas("main.example", "second.example", "us.example", "equal.example", "worse.example");
        assertThat(hosts(independent())).containsExactly("main.example", "second.example");
    }

    @Test
    void thisServerIsRecognisedByItsAddressToo() {
        dns.mx("a.example", "10 main.example", "20 alias.example", "30 worse.example");
        everyHostHas("main.example", "worse.example");
        dns.host("alias.example", "192.0.2.99");
        assertThat(hosts(independent())).containsExactly("main.example");
    }

    @Test
    void whereThisServerIsNotOnTheListAnyOfThemMightBeIt() {
        dns.mx("a.example", "10 main.example", "20 mx2.example");
        everyHostHas("main.example", "mx2.example");
        assertNotNow(independent(), "a.example", "main.example", "mx2.example", "ownNames", "relayHosts");
    }

    @Test
    void aDomainThatIsItsOwnExchangerMightBeThisServerAsWell() {
        dns.noMx("a.example").host("a.example", "192.0.2.1");
        assertNotNow(independent(), "ownNames");
    }

    @Test
    void whereNoneIsBetterTheMailWaitsForTheAdministrator() {
        dns.mx("a.example", "10 us.example", "20 worse.example");
        everyHostHas("us.example", "worse.example");
        assertNotNow(independent(), "no mail server of a.example is better than this backup server", "relayHosts");
    }

    @Test
    void whereTheOnlyServersHaveLocalAddressesTheMailWaitsForTheAdministrator() {
        dns.mx("a.example", "10 main.example").host("main.example", "127.0.0.1");
        assertNotNow(independent(), "main.example (127.0.0.1 is a loopback address)", "relayHosts");
    }

    @Test
    void otherRoutesAreAsTheyWere() {
        dns.mx("a.example", "10 main.example");
        everyHostHas("main.example");
        assertThat(hosts(SampleRoutes.independent())).containsExactly("main.example");
        dns.mx("a.example", "10 us.example");
        assertThat(resolve(SampleRoutes.independent())).isInstanceOf(Resolution.Undeliverable.class);
        assertThat(hosts(SampleRoutes.relay("us.example"))).containsExactly("us.example");
    }

    @Test
    void relayHostsThatAreThisServerAreLeftOut() {
        dns.host("main.example", "192.0.2.1").host("us.example", "192.0.2.2").host("alias.example", "192.0.2.99");
        assertThat(hosts(backup(SampleRoutes.relay("us.example", "main.example", "alias.example"))))
                .containsExactly("main.example");
    }

    @Test
    void whereAllRelayHostsAreThisServerTheMailWaitsForTheAdministrator() {
        dns.host("us.example", "192.0.2.2");
        assertNotNow(backup(SampleRoutes.relay("us.example", "192.0.2.99")), "us.example", "192.0.2.99", "relayHosts");
    }

    private void everyHostHas(String... names) {
        Arrays.stream(names).forEach(name -> dns.host(name, "192.0.2.1"));
    }

    private static Route independent() {
        return backup(SampleRoutes.independent());
    }

    private static Route backup(Route route) {
        return SampleRoutes.backup("a.example", route, true);
    }

    private void assertNotNow(Route route, String... words) {
        assertThat(resolve(route)).isInstanceOfSatisfying(Resolution.NotNow.class, notNow -> {
            assertThat(notNow.status()).isEqualTo("4.4.6");
            assertThat(notNow.reason()).contains(words);
        });
    }

    private List<String> hosts(Route route) {
        Resolution resolution = resolve(route);
        assertThat(resolution).isInstanceOf(Resolution.Towards.class);
        return ((Resolution.Towards) resolution)
                .hosts().stream().map(SmtpHost::name).toList();
    }

    private Resolution resolve(Route route) {
        RouteResolver.Lookups lookups = new RouteResolver.Lookups(
                new ExchangerLookup(dns, ExchangerOptions.DEFAULT, WE, new Random(1), Clock.systemUTC(), () -> 0),
                new HostAddresses(
                        dns, new HostsFile(Path.of("/nonexistent/hosts"), () -> 0), ExchangerOptions.DEFAULT, () -> 0));
        return new RouteResolver(options -> lookups, new Random(1), WE)
                .resolve(SampleRoutes.table(route).destinationOf("a.example"))
                .join();
    }
}
