/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** A package uses only packages that stand below it in mailets/README.md; smtp and dns know nothing above them at all. */
@AnalyzeClasses(packages = "org.jamesoutgoing", importOptions = ImportOption.DoNotIncludeTests.class)
class PackagesTest {

    private static final String ROOT = "org.jamesoutgoing.";

    @ArchTest
    static final ArchRule aPackageUsesOnlyPackagesDrawnBelowIt = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("org.jamesoutgoing..")
            .layer("mailets")
            .definedBy(ROOT + "mailets..")
            .layer("service")
            .definedBy(ROOT + "service..")
            .layer("delivery")
            .definedBy(ROOT + "delivery..")
            .layer("queue")
            .definedBy(ROOT + "queue..")
            .layer("routing")
            .definedBy(ROOT + "routing..")
            .layer("dsn")
            .definedBy(ROOT + "dsn..")
            .layer("dns")
            .definedBy(ROOT + "dns..")
            .layer("smtp")
            .definedBy(ROOT + "smtp..")
            .layer("store")
            .definedBy(ROOT + "store..")
            .whereLayer("mailets")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("service")
            .mayOnlyBeAccessedByLayers("mailets")
            .whereLayer("delivery")
            .mayOnlyBeAccessedByLayers("mailets", "service")
            .whereLayer("queue")
            .mayOnlyBeAccessedByLayers("mailets", "service", "delivery")
            .whereLayer("routing")
            .mayOnlyBeAccessedByLayers("mailets", "service", "delivery", "queue")
            .whereLayer("dsn")
            .mayOnlyBeAccessedByLayers("mailets", "service", "delivery", "routing")
            .whereLayer("dns")
            .mayOnlyBeAccessedByLayers("mailets", "service", "delivery", "routing")
            .whereLayer("smtp")
            .mayOnlyBeAccessedByLayers("mailets", "service", "delivery", "routing")
            .whereLayer("store")
            .mayOnlyBeAccessedByLayers("mailets", "service", "routing", "dsn");

    @ArchTest
    static final ArchRule packagesDoNotUseEachOtherInCircles = SlicesRuleDefinition.slices()
            .matching("org.jamesoutgoing.(*)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule smtpKnowsNeitherJamesNorJavaMail = noClasses()
            .that()
            .resideInAPackage(ROOT + "smtp..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache..", "javax.mail..", "reactor..", "com.google..");

    @ArchTest
    static final ArchRule nothingWritesToTheConsole =
            noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err");

    @ArchTest
    static final ArchRule timeComesInThroughTheConstructor = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "mailets..")
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");
}
