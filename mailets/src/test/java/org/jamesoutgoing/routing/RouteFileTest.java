/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jamesoutgoing.routing.RouteFile.BadFileException;
import org.jamesoutgoing.settings.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteFileTest {

    @TempDir
    Path directory;

    private static List<StaticRoute> read(String xml) {
        return RouteFile.read("routes.xml", xml.getBytes(UTF_8));
    }

    private static StaticRoute route(String name, Map<String, String> options) {
        return new StaticRoute(RouteName.parse(name), Origin.FILE, OptionValues.of(options));
    }

    @Test
    void routesAreReadInJamessStyle() {
        assertThat(
                        read(
                                """
                                <?xml version="1.0"?>
                                <!-- ours -->
                                <routes>
                                  <route domain="Sales.example.com">
                                    <relayHosts> mail.sales.example.com, [192.0.2.1]:2525 </relayHosts>
                                    <!-- long -->
                                    <queueLifetime>10d</queueLifetime>
                                    <tls></tls>
                                  </route>
                                  <route domain="*.münchen.example"><suspended>true</suspended></route>
                                  <route domain="*"/>
                                </routes>
                                """))
                .containsExactly(
                        route(
                                "sales.example.com",
                                Map.of(
                                        "relayHosts", "mail.sales.example.com, [192.0.2.1]:2525",
                                        "queueLifetime", "10d")),
                        route("*.xn--mnchen-3ya.example", Map.of("suspended", "true")),
                        route("*", Map.of()));
    }

    @Test
    void aListStaysWholeHoweverLongItIs() {
        String list = IntStream.range(0, 5000).mapToObj(i -> "user" + i).collect(Collectors.joining(",\n"));
        StaticRoute route = read("<routes><route domain='a.example'><backup>true</backup><backupRecipients>" + list
                        + "</backupRecipients></route></routes>")
                .get(0);
        assertThat(route.values().get(RouteOptions.BACKUP_RECIPIENTS))
                .get()
                .extracting(recipients ->
                        ((BackupRecipients.Listed) recipients).localParts().size())
                .isEqualTo(5000);
    }

    @Test
    void aVariableIsNotReplacedWhenTheFileIsRead() throws Exception {
        Path password = Files.writeString(directory.resolve("password"), "hunter2");
        StaticRoute route = read("<routes><route domain='a.example'><relayHosts>r.example</relayHosts>"
                        + "<gatewayUsername>${env:HOME}</gatewayUsername><gatewayPassword>file:" + password
                        + "</gatewayPassword></route></routes>")
                .get(0);
        assertThat(route.values().text(RouteOptions.USERNAME)).contains("${env:HOME}");
        assertThat(route.values().text(RouteOptions.PASSWORD)).contains("file:" + password);
    }

    @Test
    void markedAndSplitTextIsText() {
        assertThat(read("<routes><route domain='a.example'><queueLifetime>1<!-- no -->0<![CDATA[d]]></queueLifetime>"
                        + "</route></routes>"))
                .containsExactly(route("a.example", Map.of("queueLifetime", "10d")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "<routes><route domain='a.b'><resendDelay>1m</resendDelay></route></routes>"
                        + "| routes.xml, line 1, route 'a.b': 'resendDelay' is no delivery option; did you mean 'resendDelays'?",
                "<routes><route domain='a.b'><zzzzzzzz>1</zzzzzzzz></route></routes>"
                        + "| routes.xml, line 1, route 'a.b': 'zzzzzzzz' is no delivery option;"
                        + " the settings reference of James Outgoing (conf/README.md) lists what there is",
                "<routes><route domain='a.b'>~<queueLifetime>10 parsecs</queueLifetime></route></routes>"
                        + "| routes.xml, line 2, route 'a.b': 'queueLifetime' is '10 parsecs';"
                        + " allowed: a time with its unit from 1s to 365d, such as 30s, 5m, 2h or 5d",
                "<routes>~<route domain='a..b'/></routes>"
                        + "| routes.xml, line 2, route 'a..b': 'domain' is 'a..b';"
                        + " allowed: a domain, *.domain for all its subdomains, or * for everything",
                "<routes>~<route domain=''/></routes>"
                        + "| routes.xml, line 2, route '': 'domain' is '';"
                        + " allowed: a domain, *.domain for all its subdomains, or * for everything",
                "<routes>~<route/></routes>"
                        + "| routes.xml, line 2, <route> has no 'domain';"
                        + " allowed: a domain, *.domain for all its subdomains, or * for everything",
                "<routes><route domain='a.b'/>~<route domain='A.B.'/></routes>"
                        + "| routes.xml, line 2, route 'A.B.': 'domain' is the same as in line 1; allowed: one route for each",
                "<routes><route domain='a.b' name='x'/></routes>"
                        + "| routes.xml, line 1, route 'a.b' has an attribute 'name'; allowed: domain",
                "<routes><route domain='a.b'><tls mode='x'>none</tls></route></routes>"
                        + "| routes.xml, line 1, route 'a.b': 'tls' has an attribute 'mode'; allowed: none",
                "<routes><route domain='a.b'><tls>none</tls>~<tls>verify</tls></route></routes>"
                        + "| routes.xml, line 2, route 'a.b': 'tls' is given twice; allowed: once, several values with commas",
                "<routes><route domain='a.b'><relayHosts>~<host>x</host></relayHosts></route></routes>"
                        + "| routes.xml, line 2, route 'a.b': 'relayHosts' has <host> in it; allowed: text",
                "<routes><route domain='a.b'><route domain='c.d'/></route></routes>"
                        + "| routes.xml, line 1, route 'a.b': 'route' has an attribute 'domain'; allowed: none",
                "<routes><Route domain='a.b'/></routes>"
                        + "| routes.xml, line 1, <Route> is not known here; allowed: <route domain=\"…\">",
                "<route domain='a.b'/>" + "| routes.xml, line 1, <route> is not known here; allowed: <routes>",
                "<routes domain='a.b'/>" + "| routes.xml, line 1, <routes> has an attribute 'domain'; allowed: none",
                "<routes>hello</routes>" + "| routes.xml, line 1, there is 'hello' between routes; allowed: elements",
                "<routes><route domain='a.b'>hello</route></routes>"
                        + "| routes.xml, line 1, there is 'hello' between the options of route 'a.b'; allowed: elements",
                "<routes><route domain='*'><backup>true</backup></route></routes>"
                        + "| routes.xml, line 1, route '*': 'backup' is given for *; allowed: in the route of one domain only",
                "<routes><route domain='*.b'><backup>true</backup></route></routes>"
                        + "| routes.xml, line 1, route '*.b': 'backup' is given for *.b;"
                        + " allowed: in the route of one domain only",
                "<routes><route domain='a.b'><mode>independent</mode><relayHosts>x</relayHosts></route></routes>"
                        + "| routes.xml, line 1, route 'a.b': 'mode' is 'independent';"
                        + " allowed: relay together with relayHosts, independent without",
                "<routes><route domain='a.b'><gatewayPassword>file:/no/such</gatewayPassword></route></routes>"
                        + "| routes.xml, line 1, route 'a.b': 'gatewayPassword' cannot be had: the file /no/such cannot be read;"
                        + " allowed: the password itself, ${env:NAME} or file:path",
            })
    void aMistakeIsNamedWithFileLineRouteFieldAndWhatIsAllowed(String xml, String message) {
        assertThatThrownBy(() -> read(xml.replace('~', '\n')))
                .isInstanceOf(BadFileException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''| 1",
                "<routes>| 1",
                "<routes>~<route domain='a.b'>~</routes>| 3",
                "<routes/>~<routes/>| 2",
                "<routes/>x| 1",
                "<routes>&unknown;</routes>| 1",
                "hello| 1"
            })
    void whatIsNoXmlIsSaidToBeNone(String xml, int line) {
        assertThatThrownBy(() -> read(xml.replace('~', '\n')))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith("routes.xml, line " + line + ": this is not well-formed XML: ")
                .hasMessageNotContainingAny("\n", "ParseError");
    }

    @Test
    void aDocumentTypeIsRefusedAndNothingItNamesIsFetched() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "<tls>none</tls>");
        for (String type : List.of(
                "<!DOCTYPE routes [<!ENTITY x SYSTEM '" + secret.toUri() + "'>]>",
                "<!DOCTYPE routes [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>",
                "<!DOCTYPE routes SYSTEM '" + secret.toUri() + "'>",
                "<!DOCTYPE routes>")) {
            assertThatThrownBy(() -> read(type + "\n<routes><route domain='a.b'>&x;</route></routes>"))
                    .isInstanceOf(BadFileException.class)
                    .hasMessage("routes.xml, line 1, a document type is not allowed");
        }
    }

    @Test
    void aPasswordIsInNoMessage() {
        assertThatThrownBy(() -> read("<routes><route domain='a.b'><relayHosts>x</relayHosts>"
                        + "<gatewayPassword>hun\u0085ter2</gatewayPassword></route></routes>"))
                .hasMessage("routes.xml, line 1, route 'a.b': 'gatewayPassword' is '***'; allowed: one line of text");
    }

    /** The file in the repository: nothing counts in it, and every route that is commented out would. */
    @Test
    void theSampleIsRight() throws Exception {
        Path sample = Path.of("../conf/outgoing-routes.xml");
        String text = Files.readString(sample);
        assertThat(read(text)).isEmpty();
        String live = text.replaceAll("(?s)<!-- [^>]*?\\n\\n( +<route .*?</route>)\\s*-->", "$1")
                .replaceAll("file:/etc/[^<]*", "secret");
        List<StaticRoute> routes = read(live);
        assertThat(routes)
                .extracting(route -> route.name().text())
                .containsExactly("sales.example.com", "*.example.com", "example.org");
        new LayeredRoutes(
                        new RouteAssembler(), OptionValues.none(), "james.example", StaticRoutes.of(routes, List.of()))
                .check();
    }
}
