/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import org.jamesoutgoing.administering.Webadmin.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** James's own authentication guards every path of ours: the paths are those that the running server has registered. */
class AuthenticationIT {

    private static KeyPair keys;
    private static JamesServer james;
    private static Webadmin webadmin;

    @BeforeAll
    static void start() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
        james = JamesServer.start(JamesSetup.james()
                .protocols(JamesSetup.Protocol.WEBADMIN)
                .withExtensionLines()
                .file("jwt_publickey", pem())
                .change(
                        "webadmin.properties",
                        text -> text.replace("jwt.enabled=false", "jwt.enabled=true")
                                + "\njwt.publickeypem.url=file://conf/jwt_publickey\n"));
        webadmin = new Webadmin(james.webadminPort());
    }

    @AfterAll
    static void stop() {
        james.close();
    }

    private static String pem() {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(keys.getPublic().getEncoded());
        return "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n";
    }

    /** RFC 7519, signed with RS256. */
    private static String token(KeyPair signer, String claims) throws Exception {
        String signed = base64("{\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + base64(claims.getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(signer.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64(signature.sign());
    }

    private static String base64(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static Answer call(RegisteredRoute route, String... headers) throws Exception {
        return webadmin.send(
                route.method(), route.pathOf("example.com"), route.method().equals("GET") ? "" : "{}", headers);
    }

    @Test
    void everyPathIsRefusedWithoutAToken() throws Exception {
        assertThat(RegisteredRoute.of(james)).hasSizeGreaterThanOrEqualTo(8);
        for (RegisteredRoute route : RegisteredRoute.of(james)) {
            assertThat(call(route).status()).as("%s", route).isEqualTo(401);
        }
    }

    @Test
    void everyPathIsRefusedWithABadToken() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        List<String> bad = List.of(
                "Bearer x",
                "Bearer " + token(generator.generateKeyPair(), "{\"sub\":\"admin\",\"admin\":true}"),
                "Bearer " + token(keys, "{\"sub\":\"user\",\"admin\":false}"),
                "Bearer " + token(keys, "{\"sub\":\"user\"}"),
                "Basic YWRtaW46YWRtaW4=");
        for (RegisteredRoute route : RegisteredRoute.of(james)) {
            for (String header : bad) {
                assertThat(call(route, "Authorization", header).status())
                        .as("%s with %s", route, header)
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void everyPathIsOpenWithAToken() throws Exception {
        String header = "Bearer " + token(keys, "{\"sub\":\"admin\",\"admin\":true}");
        for (RegisteredRoute route : RegisteredRoute.of(james)) {
            assertThat(call(route, "Authorization", header).status())
                    .as("%s", route)
                    .isNotEqualTo(401);
        }
        assertThat(webadmin.send("GET", "/outgoing/routes", "", "Authorization", header)
                        .status())
                .isEqualTo(200);
    }

    /** {@code OriginCheckTest} has all that is refused, and what is not. */
    @Test
    void everyPathIsClosedToPagesOfOthersWithATokenToo() throws Exception {
        String token = "Bearer " + token(keys, "{\"sub\":\"admin\",\"admin\":true}");
        for (RegisteredRoute route : RegisteredRoute.of(james)) {
            for (List<String> header : List.of(
                    List.of("Origin", "https://shop.example"),
                    List.of("Origin", "null"),
                    List.of("Sec-Fetch-Site", "cross-site"))) {
                Answer answer = call(route, "Authorization", token, header.get(0), header.get(1));
                assertThat(answer.status()).as("%s %s", route, header).isEqualTo(403);
                assertThat(answer.at("/message")).isEqualTo("Refused");
            }
        }
    }

    /** Other spellings of a path either do not exist or are refused: none is answered. */
    @Test
    void noSpellingOfAPathGoesAroundIt() throws Exception {
        for (String path : List.of(
                "/outgoing/routes/",
                "//outgoing/routes",
                "/outgoing//routes",
                "/outgoing/./routes",
                "/healthcheck/../outgoing/routes",
                "/healthcheck/..;/outgoing/routes",
                "/outgoing;x=y/routes",
                "/outgoing/routes;x=y",
                "/%6futgoing/routes",
                "/outgoing%2Froutes",
                "/OUTGOING/routes",
                "/outgoing/routes/example.com/effective/",
                "/outgoing/routes?x=/healthcheck")) {
            Answer answer = webadmin.get(path);
            assertThat(answer.status()).as(path).isIn(400, 401, 404);
            assertThat(answer.body()).as(path).doesNotContain("\"origin\"").doesNotStartWith("[");
        }
    }
}
